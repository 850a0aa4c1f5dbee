package import Postgres

/// One job, wherever it is now.
///
/// - Shape: no row for a number that was never given, or whose record has been pruned.
/// - Index: `job_pkey`, `dead_pkey`, `history_id` (block ranges).
package struct FindJob: PostgresStatement {
    package static let sql = """
        SELECT found.id, tenant.name, found.kind, found.state, found.priority::bigint, found.attempt::bigint, found.max_attempts::bigint,
            found.run_at, found.created_at, found.ended_at, found.reason, found.payload::text, found.worker_id::text, found.lease_until
        FROM (
            SELECT current.id, current.tenant_id, current.kind, current.state, current.priority, current.attempt, current.max_attempts,
                current.run_at, current.created_at, current.ended_at, current.last_error AS reason, current.payload, current.worker_id,
                current.lease_until
            FROM jobs.current WHERE current.id = $1
            UNION ALL
            SELECT history.id, history.tenant_id, history.kind, history.state, history.priority, history.attempt, history.max_attempts,
                history.run_at, history.created_at, history.ended_at, history.reason, history.payload, history.worker_id, NULL
            FROM jobs.history WHERE history.id = $1
        ) AS found
        LEFT JOIN jobs.tenant ON tenant.id = found.tenant_id
        LIMIT 1
        """
    let id: Int64
    /// By its number.
    package init(id: Int64) { self.id = id }
    package var binds: [PostgresBind] { [.int8(self.id)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> JobFacts { try JobFacts(row: row) }
}
