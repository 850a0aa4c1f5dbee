import Logging
package import Postgres

/// A database of a test's own.
package struct TestDatabase: Sendable {
    /// The cluster it is in.
    package let cluster: PrivateCluster
    /// Its name.
    package let name: String
    /// As for `DATABASE_URL`.
    package var url: String { self.cluster.url(database: self.name) }
    /// Connected as its owner.
    package let pool: PostgresPool

    /// Another pool on the same database, as another process would have.
    package func makePool(_ change: (inout PostgresConfiguration) -> Void = { _ in }) throws -> PostgresPool {
        try Self.makePool(url: self.url, change)
    }

    /// Runs a script that writes a million rows, however slow the machine is.
    package func fill(_ script: String) async throws {
        let pool = try self.makePool { configuration in
            configuration.statementTimeout = .seconds(600)
            configuration.deadline = .seconds(620)
        }
        do {
            try await pool.run(script: script)
            await pool.shutdown()
        } catch {
            await pool.shutdown()
            throw error
        }
    }

    /// A pool on any connection text, quiet in the log.
    package static func makePool(url: String, _ change: (inout PostgresConfiguration) -> Void = { _ in }) throws -> PostgresPool {
        CallersVariables.forget()
        var configuration = try PostgresConfiguration(url: url)
        change(&configuration)
        var logger = Logger(label: "test.pool")
        logger.logLevel = .critical
        return PostgresPool(configuration: configuration, logger: logger)
    }
}

/// Lends a fresh, migrated database of the shared cluster to `body` and removes it afterwards.
///
/// Tests that use it may run at once.
package func withDatabase<T: Sendable>(
    migrated: Bool = true, on cluster: PrivateCluster? = nil, _ body: (TestDatabase) async throws -> T
) async throws -> T {
    let home: PrivateCluster
    if let cluster { home = cluster } else { home = try await PrivateCluster.shared() }
    let name = try await home.makeDatabase(migrated: migrated)
    let pool = try TestDatabase.makePool(url: home.url(database: name)) { $0.applicationName = name }
    do {
        let value = try await body(TestDatabase(cluster: home, name: name, pool: pool))
        await pool.shutdown()
        try? await home.drop(database: name)
        return value
    } catch {
        await pool.shutdown()
        try? await home.drop(database: name)
        throw error
    }
}

/// Lends a pool on a fresh, migrated database to `body`: what most tests need.
package func withPool<T: Sendable>(migrated: Bool = true, _ body: (PostgresPool) async throws -> T) async throws -> T {
    try await withDatabase(migrated: migrated) { try await body($0.pool) }
}
