package import Postgres

/// The variables that have no flag, each read and checked in one place.
extension Environment {
    /// Where the database is.
    ///
    /// Required by everything that touches it; the text may hold a password, so it is never printed.
    package func databaseURL() throws(Complaint) -> String {
        guard let url = self[VariableName.database] else {
            throw Complaint(
                "\(VariableName.database) is not set; give it a libpq connection string or URI such as postgresql://user@host/database.",
                ending: .usage)
        }
        return url
    }

    /// How the database is spoken to: `DATABASE_URL`, and `KAKEHASHI_TRANSACTION_POOLING=1` behind a transaction-pooling proxy.
    ///
    /// `name` is what `pg_stat_activity` shows.
    package func database(name: String, poolSize: Int = 8) throws(Complaint) -> PostgresConfiguration {
        let url = try self.databaseURL()
        do {
            var configuration = try PostgresConfiguration(url: url)
            configuration.applicationName = name
            configuration.poolSize = poolSize
            configuration.preparedStatements = try !Setting<Bool>.toggle("transaction-pooling").value(flag: nil, environment: self)
            return configuration
        } catch {
            throw Complaint(error)
        }
    }

    /// Whether vendor endpoints may be `http://` or on this machine.
    package func allowsLocalEndpoints() throws(Complaint) -> Bool {
        try Setting<Bool>.toggle("allow-local-endpoints").value(flag: nil, environment: self)
    }
}
