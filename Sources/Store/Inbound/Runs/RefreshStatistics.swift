package import Postgres

/// Has PostgreSQL look anew at the tables that a full load or an import fills, once they have trebled; says how many it looked at.
///
/// Carried by no index: it reads the catalogue alone, and each table at most once a trebling.
package struct RefreshStatistics: PostgresStatement {
    package static let sql = "SELECT sync.refresh_statistics()"
    /// For all tenants; the tables are theirs in common.
    package init() {}
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Int32 { try row.decode(0) }
}
