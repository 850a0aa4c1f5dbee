import FoundationEssentials
import Postgres

/// Takes one job whose worker died with it; for a kind done in batches, those of the same tenant that fell with it.
///
/// Carried by `job_suspect`. A second crash parts a batch: from then on each is taken by itself, so that the killer convicts itself.
struct JobSuspectClaim: PostgresStatement {
    static let sql = """
        WITH first AS MATERIALIZED (
            SELECT j.id, j.tenant_id, j.kind, j.version, j.crashes, k.batch
            FROM jobs.job j
            JOIN unnest($3::text[], $4::int[], $5::text[], $6::int[]) AS k(kind, version, gate, batch) ON k.kind = j.kind AND k.version = j.version
            WHERE j.state = 'suspect'
                AND NOT EXISTS (
                    SELECT FROM jobs.gate g
                    WHERE g.tenant_id = j.tenant_id AND g.name IN ('tenant', 'kind:' || j.kind, 'kind:' || j.kind || '@' || j.priority, k.gate) AND g.shut_until > now()
                )
                AND (j.unique_key IS NULL OR NOT EXISTS (
                    SELECT FROM jobs.job r
                    WHERE r.state = 'running' AND r.tenant_id = j.tenant_id AND r.kind = j.kind AND r.unique_key = j.unique_key
                ))
            ORDER BY j.run_at, j.id
            LIMIT 1
            FOR UPDATE OF j SKIP LOCKED
        ),
        fellows AS MATERIALIZED (
            SELECT j.id
            FROM first f
            JOIN jobs.job j ON j.state = 'suspect' AND j.tenant_id = f.tenant_id AND j.kind = f.kind AND j.version = f.version AND j.id <> f.id
            WHERE f.crashes = 1 AND j.crashes = 1
                AND (j.unique_key IS NULL OR NOT EXISTS (
                    SELECT FROM jobs.job r
                    WHERE r.state = 'running' AND r.tenant_id = j.tenant_id AND r.kind = j.kind AND r.unique_key = j.unique_key
                ))
            ORDER BY j.run_at, j.id
            LIMIT (SELECT greatest(batch - 1, 0) FROM first)
            FOR UPDATE OF j SKIP LOCKED
        )
        UPDATE jobs.job j
        SET state = 'running', attempt = j.attempt + 1, lease_no = j.lease_no + 1, worker_id = $1, alone = false,
            lease_until = now() + $2 * interval '1 second', claimed_at = now()
        FROM (SELECT id FROM first UNION ALL SELECT id FROM fellows) p
        WHERE j.id = p.id
        RETURNING j.id, j.tenant_id, j.kind, j.lease_no, j.attempt, j.max_attempts, j.created_at, j.run_at, j.payload,
            j.cancel_reason IS NOT NULL, j.unique_key IS NOT NULL, j.priority, now(), j.trace
        """

    let worker: UUID
    let lease: Duration
    let offers: [JobOffer]

    var binds: [PostgresBind] {
        [
            .uuid(self.worker), .double(self.lease.seconds), .texts(self.offers.map(\.kind)), .int4s(self.offers.map { Int32($0.version) }),
            .texts(self.offers.map(\.gate)), .int4s(self.offers.map { Int32($0.batchSize) }),
        ]
    }

    /// A taken job, and the database's clock.
    struct Row: Sendable {
        let job: JobClaimed
        let now: Date
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(job: try JobClaimed(row, trace: 13, isSuspect: true), now: try row.decode(12))
    }
}
