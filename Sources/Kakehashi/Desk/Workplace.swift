import Logging
import Migrations
import Postgres
import Runtime
import Store

/// What every command that touches the database works with; lent to a closure and closed behind it.
struct Workplace: Sendable {
    /// The settings the process was started with.
    let environment: Environment
    /// The database.
    let pool: PostgresPool
    /// Where steps are told.
    let logger: Logger

    /// Opens the database, makes sure that its schema is new enough, and lends everything to `body`.
    ///
    /// - Throws: a ``Complaint``: 64 without a usable `DATABASE_URL`, 69 when the database can't be reached, 1 when its schema is too old.
    static func lend<Value: Sendable>(
        environment: Environment = .current, _ body: (Workplace) async throws -> Value
    ) async throws -> Value {
        try await self.lendUnchecked(environment: environment) { place in
            try await DatabaseReadiness(migrator: Migrations.migrator(pool: place.pool), logger: place.logger).require()
            return try await body(place)
        }
    }

    /// The same, whatever the schema: for `migrate`.
    static func lendUnchecked<Value: Sendable>(
        environment: Environment = .current, _ body: (Workplace) async throws -> Value
    ) async throws -> Value {
        let logger = try CommandLog.logger(environment)
        let pool = PostgresPool(configuration: try environment.database(name: "kakehashi", poolSize: 4), logger: logger)
        do {
            let value = try await body(Workplace(environment: environment, pool: pool, logger: logger))
            await pool.shutdown()
            return value
        } catch {
            await pool.shutdown()
            throw Complaint(error)
        }
    }

    /// What seals and opens the tenants' secrets.
    func cipher() throws(Complaint) -> CredentialCipher {
        do {
            return try CredentialCipher(environmentValue: self.environment[VariableName.masterKey])
        } catch {
            throw Complaint(error.description, ending: .usage)
        }
    }
}
