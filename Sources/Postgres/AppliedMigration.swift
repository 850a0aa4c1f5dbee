/// A migration the database has been through, as it remembers it.
struct AppliedMigration: Sendable, Equatable {
    let number: Int
    let name: String
    let checksum: String
    let breaking: Bool
}

/// Looks whether the database remembers any migrations yet: the row is there always, and says so.
struct MigrationTableExists: PostgresStatement {
    static let sql = "SELECT to_regclass('schema_versions.migration') IS NOT NULL"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}

/// Lists what the database has been through.
struct MigrationList: PostgresStatement {
    static let sql = """
        SELECT number, name, checksum, breaking
        FROM schema_versions.migration
        ORDER BY number
        """
    static func decode(_ row: PostgresRow) throws(PostgresError) -> AppliedMigration {
        AppliedMigration(number: try row.decode(0), name: try row.decode(1), checksum: try row.decode(2), breaking: try row.decode(3))
    }
}

/// Records a migration before it runs; 0 rows when somebody else has applied it.
///
/// While somebody else is at it, this waits for them.
struct MigrationRecord: PostgresStatement {
    let migration: Migration

    static let sql = """
        INSERT INTO schema_versions.migration (number, name, checksum, breaking)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (number) DO NOTHING
        """
    var binds: [PostgresBind] {
        [.int(self.migration.number), .text(self.migration.name), .text(self.migration.checksum), .bool(self.migration.breaking)]
    }
    typealias Row = PostgresNoRow
}
