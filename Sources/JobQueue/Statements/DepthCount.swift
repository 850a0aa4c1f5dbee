package import Postgres

/// Counts a deep queue for everybody who looks; says whether it did.
///
/// Carried by no index: it reads every job. Of several processes one counts, at most once in ten seconds; while a hundred thousand jobs or fewer are there, none does.
package struct DepthCount: PostgresStatement {
    /// The constant text.
    package static let sql = "SELECT jobs.count_depth()"

    /// For one count.
    package init() {}

    /// The values: none.
    package var binds: [PostgresBind] { [] }

    /// Reads whether it counted.
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
