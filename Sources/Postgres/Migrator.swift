/// Brings a database's schema up to date.
///
/// Any number of processes may start it at once.
///
/// - Shape: each migration runs in a transaction of its own, in which the row that records it is inserted first: a second migrator
///   waits there for the first, finds the row taken, and steps aside. Nothing is locked between migrations.
package struct Migrator: Sendable {
    private let pool: PostgresPool
    private let migrations: [Migration]
    private let oldestServer: Int
    private let lockTimeout: Duration
    private let pause: @Sendable (Duration) async throws -> Void

    private static let attempts = 24
    /// A migration may take its time.
    private static let deadline = Duration.seconds(6 * 3_600)

    /// `migrations` in any order.
    ///
    /// - Parameter oldestServer: the first major version of PostgreSQL that has all they use. Ours: 15, for `ON DELETE SET NULL (column)`.
    package init(pool: PostgresPool, migrations: [Migration], oldestServer: Int = 15) {
        self.init(pool: pool, migrations: migrations, oldestServer: oldestServer, lockTimeout: .seconds(5)) { try await Task.sleep(for: $0) }
    }

    /// - Parameter lockTimeout: how long a migration waits for a lock before it makes way for those queueing behind it and tries again.
    /// - Parameter pause: how time passes before the next attempt.
    init(
        pool: PostgresPool, migrations: [Migration], oldestServer: Int = 15, lockTimeout: Duration,
        pause: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.pool = pool
        self.migrations = migrations.sorted { $0.number < $1.number }
        self.oldestServer = oldestServer
        self.lockTimeout = lockTimeout
        self.pause = pause
    }

    /// Applies what is missing, in order; the names of those applied by this call.
    ///
    /// - Ends: `ServerTooOld`, `SchemaTooNew`, `MigrationEdited`, `MigrationFailed` (those before it stay applied), `PostgresError`.
    @discardableResult
    package func migrate() async throws -> [String] {
        let pending = try await self.pending()
        try await self.createTable()
        var names: [String] = []
        for migration in pending {
            if try await self.apply(migration) { names.append(migration.name) }
        }
        return names
    }

    /// What `migrate` would apply, in order.
    ///
    /// Changes nothing.
    ///
    /// - Ends: `ServerTooOld`, `SchemaTooNew`, `MigrationEdited`, `PostgresError`.
    package func pending() async throws -> [Migration] {
        let version = try await self.pool.connection { $0.serverVersion }
        if version < self.oldestServer * 10_000 { throw ServerTooOld(version: version / 10_000, needed: self.oldestServer) }
        return try SchemaState.pending(known: self.migrations, applied: try await self.applied())
    }

    /// Looks whether this program can work on the database as it is.
    ///
    /// - Ends: `SchemaTooOld`, naming the command that mends it; `SchemaTooNew`; `MigrationEdited`; `PostgresError`.
    @discardableResult
    package func check() async throws -> SchemaState {
        try SchemaState.compare(known: self.migrations, applied: try await self.applied())
    }

    private func applied() async throws(PostgresError) -> [AppliedMigration] {
        guard try await self.pool.first(MigrationTableExists()) == true else { return [] }
        return try await self.pool.query(MigrationList())
    }

    /// `IF NOT EXISTS` alone can still collide when two create the same thing at once, so they take turns.
    private func createTable() async throws {
        if try await self.pool.first(MigrationTableExists()) == true { return }
        try await self.pool.transaction(Self.patient) { transaction in
            try await transaction.run(
                script: """
                    SELECT pg_advisory_xact_lock(7190423556921);  -- any number, as long as nobody else uses it
                    CREATE SCHEMA IF NOT EXISTS schema_versions;
                    CREATE TABLE IF NOT EXISTS schema_versions.migration (
                        number integer PRIMARY KEY,
                        name text NOT NULL,
                        checksum text NOT NULL,
                        breaking boolean NOT NULL,
                        applied_at timestamptz NOT NULL DEFAULT now()
                    );
                    """)
        }
    }

    /// `false` when somebody else has applied it.
    private func apply(_ migration: Migration) async throws -> Bool {
        for attempt in 1... {
            do {
                return try await self.applyOnce(migration)
            } catch let error as PostgresError where Self.isAboutLocks(error) && attempt < Self.attempts {
                // Its locks made others wait behind it, or it was chosen to give way; let them through.
                try await self.pause(Backoff.wait(after: attempt, jitter: .random(in: 0...1)))
            } catch let error as PostgresError {
                let line = error.position.map { 1 + migration.sql.unicodeScalars.prefix($0 - 1).count { $0 == "\n" } }
                throw MigrationFailed(name: migration.name, line: line, reason: error)
            }
        }
        return false
    }

    private static func isAboutLocks(_ error: PostgresError) -> Bool {
        error.code == .server(.lockNotAvailable) || error.code == .server(.deadlockDetected)
    }

    private func applyOnce(_ migration: Migration) async throws -> Bool {
        try await self.pool.transaction(Self.patient) { transaction in
            guard try await transaction.execute(MigrationRecord(migration: migration)) == 1 else { return false }
            try await transaction.run(script: "SET LOCAL lock_timeout = \(self.lockTimeout.milliseconds)")
            try await transaction.run(script: migration.sql)
            return true
        }
    }

    /// READ COMMITTED whatever the database is set to: who waited for another migrator must see what that one has done.
    private static var patient: PostgresTransactionOptions {
        PostgresTransactionOptions(isolation: .readCommitted, statementTimeout: .zero, lockTimeout: .zero, deadline: Self.deadline)
    }
}
