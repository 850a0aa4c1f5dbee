package import Postgres

/// Jobs, the oldest first: those that have not ended well, or of those that have, the newest of the last hour.
///
/// - Index: `job_pkey` and `dead_pkey` in order of their numbers; of ended ones today's partition of the history, by its last block ranges.
package struct ListJobs: PostgresStatement {
    package static let sql = """
        SELECT listed.id, listed.tenant, listed.kind, listed.state, listed.priority::bigint, listed.attempt::bigint, listed.max_attempts::bigint,
            listed.run_at, listed.created_at, listed.ended_at, listed.reason, listed.payload::text, listed.worker_id::text, listed.lease_until
        FROM (
            (
                SELECT current.id, tenant.name AS tenant, current.kind, current.state, current.priority, current.attempt, current.max_attempts,
                    current.run_at, current.created_at, current.ended_at, current.last_error AS reason, current.payload, current.worker_id,
                    current.lease_until
                FROM jobs.current LEFT JOIN jobs.tenant ON tenant.id = current.tenant_id
                WHERE coalesce($3, '') NOT IN ('done', 'cancelled')
                    AND ($1::text IS NULL OR tenant.name = $1) AND ($2::text IS NULL OR current.kind = $2) AND ($3::text IS NULL OR current.state = $3)
                ORDER BY current.id LIMIT $4
            )
            UNION ALL
            (
                SELECT history.id, tenant.name, history.kind, history.state, history.priority, history.attempt, history.max_attempts,
                    history.run_at, history.created_at, history.ended_at, history.reason, history.payload, history.worker_id, NULL
                FROM jobs.history LEFT JOIN jobs.tenant ON tenant.id = history.tenant_id
                WHERE $3 IN ('done', 'cancelled') AND history.ended_at > now() - interval '1 hour'
                    AND ($1::text IS NULL OR tenant.name = $1) AND ($2::text IS NULL OR history.kind = $2) AND history.state = $3
                ORDER BY history.ended_at DESC LIMIT $4
            )
        ) AS listed
        ORDER BY listed.id
        """
    let tenant: String?
    let kind: String?
    let state: String?
    let most: Int
    /// Of `tenant`, of a `kind`, in a `state`, where those are given.
    package init(tenant: String?, kind: String?, state: String?, most: Int) {
        self.tenant = tenant
        self.kind = kind
        self.state = state
        self.most = most
    }
    package var binds: [PostgresBind] { [.text(self.tenant), .text(self.kind), .text(self.state), .int8(Int64(self.most))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> JobFacts { try JobFacts(row: row) }
}
