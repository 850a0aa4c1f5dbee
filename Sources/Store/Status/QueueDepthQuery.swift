package import Postgres

/// How many jobs of each kind are where, the kinds with most that is due first.
///
/// - Shape: at most twenty rows; of all tenants, or of one.
/// - Index: as the view `ops.queue_depth`.
package struct QueueDepthQuery: PostgresStatement {
    /// The jobs of one tenant and kind.
    package struct Row: Sendable, Equatable {
        /// Nil for jobs of the whole fleet.
        package let tenant: String?
        package let kind: String
        package let ready: Int
        package let scheduled: Int
        package let running: Int
        package let retrying: Int
        package let dead: Int
        /// For how long the oldest of the ready ones has been due.
        package let oldestSeconds: Int?
    }
    package static let sql = """
        SELECT depth.tenant, depth.kind, depth.ready, depth.scheduled, depth.running, depth.retrying, depth.dead, depth.oldest_ready_seconds
        FROM ops.queue_depth AS depth
        WHERE $1::text IS NULL OR depth.tenant = $1
        ORDER BY depth.ready DESC, depth.running DESC, depth.tenant, depth.kind
        LIMIT 20
        """
    let tenant: String?
    /// Of the tenant with this name, or of all.
    package init(tenant: String?) { self.tenant = tenant }
    package var binds: [PostgresBind] { [.text(self.tenant)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        func count(_ column: Int) throws(PostgresError) -> Int {
            let number: Int64 = try row.decode(column)
            return Int(number)
        }
        let oldest: Int64? = try row.decode(7)
        return Row(
            tenant: try row.decode(0), kind: try row.decode(1), ready: try count(2), scheduled: try count(3), running: try count(4),
            retrying: try count(5), dead: try count(6), oldestSeconds: oldest.map { Int($0) })
    }
}
