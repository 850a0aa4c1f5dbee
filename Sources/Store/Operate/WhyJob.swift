package import FoundationEssentials
package import Postgres

/// Why a job is not running, and the call that mends it.
///
/// - Index: as `ops.why` (0007_why.sql) says.
package struct WhyJob: PostgresStatement {
    /// The one true reason.
    package struct Row: Sendable {
        package let reason: String
        /// Until when it holds, if it passes by itself.
        package let until: Date?
        /// A call, or what else to do.
        package let suggestion: String
    }
    package static let sql = "SELECT reason, until, suggestion FROM ops.why($1)"
    let id: Int64
    /// Of the job `id`, which there is.
    package init(id: Int64) { self.id = id }
    package var binds: [PostgresBind] { [.int8(self.id)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(reason: try row.decode(0), until: try row.decode(1), suggestion: try row.decode(2))
    }
}
