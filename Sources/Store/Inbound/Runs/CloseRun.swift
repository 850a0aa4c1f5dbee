package import Postgres
package import Sync

/// Looks whether anything of a run is left to do, and closes it if not and if asked to.
///
/// Nothing is left when each wanted block was read, the frontier was probed after the last new id, no page of a feed is on its way for it, and no lead
/// or account that it found waits. What another run of the tenant does is that one's. A record that is being retried holds nobody up: it is one
/// record's trouble.
package struct CloseRun: PostgresStatement {
    /// What became of the attempt.
    package struct Row: Sendable {
        /// Nothing is left.
        package let isFinished: Bool
        /// Closed by this very statement.
        package let isClosed: Bool
        /// It is not known yet which blocks to read, or not each has its job (full load).
        package let isPlanning: Bool
        /// Blocks are to be read.
        package let isReading: Bool
        /// All blocks are read, yet nobody has looked above them.
        package let wantsProbe: Bool
        /// The next sweep became due meanwhile.
        package let wantsAnother: Bool
    }
    package static let sql = """
        WITH run AS (
            SELECT id, kind, again, probed_at IS NOT NULL AS probed, kind IN ('full', 'reread') AND queued_at IS NULL AS planning,
                EXISTS (
                    SELECT FROM sync.lead_blocks
                    WHERE lead_blocks.tenant_id = $1 AND lead_blocks.run_id = $2 AND lead_blocks.wanted_at IS NOT NULL
                ) AS reading,
                EXISTS (
                    SELECT FROM jobs.job
                    WHERE job.tenant_id = $1 AND job.state <> 'running' AND job.unique_key IS NOT NULL
                        AND (
                            job.kind IN ('fetch-change-page', 'check-frontier')
                            OR job.kind IN ('refresh-lead', 'upsert-contact', 'resolve-account')
                                AND job.attempt = 0 AND job.crashes = 0 AND job.run_at <= clock_timestamp() + interval '60 seconds'
                        )
                        AND job.payload ->> 'run' = ($2::bigint)::text
                ) OR EXISTS (
                    SELECT FROM jobs.job
                    WHERE job.tenant_id = $1 AND job.worker_id IS NOT NULL AND job.state = 'running'
                        AND job.kind IN ('fetch-change-page', 'check-frontier', 'refresh-lead', 'upsert-contact', 'resolve-account')
                        AND job.payload ->> 'run' = ($2::bigint)::text
                ) AS working
            FROM sync.runs
            WHERE tenant_id = $1 AND id = $2 AND state = 'running'
            FOR UPDATE
        ), closed AS (
            UPDATE sync.runs SET state = 'done', finished_at = clock_timestamp()
            FROM run
            WHERE runs.tenant_id = $1 AND runs.id = run.id AND $3::boolean AND run.probed AND NOT run.planning AND NOT run.reading AND NOT run.working
            RETURNING runs.id
        ), bridged AS (  -- what no feed could tell is read by now
            UPDATE sync.feed_gaps SET closed_at = clock_timestamp()
            FROM closed
            WHERE feed_gaps.tenant_id = $1 AND feed_gaps.run_id = closed.id AND feed_gaps.closed_at IS NULL
        )
        SELECT run.probed AND NOT run.planning AND NOT run.reading AND NOT run.working, EXISTS (SELECT FROM closed), run.planning, run.reading,
            NOT run.probed AND NOT run.planning AND NOT run.reading AND NOT run.working, run.again
        FROM run
        """
    let tenant: TenantID
    let run: Int64
    let closes: Bool
    /// The run `run` of `tenant`; closed only if `closes`.
    package init(tenant: TenantID, run: Int64, closes: Bool) {
        self.tenant = tenant
        self.run = run
        self.closes = closes
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.run), .bool(self.closes)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            isFinished: try row.decode(0), isClosed: try row.decode(1), isPlanning: try row.decode(2), isReading: try row.decode(3),
            wantsProbe: try row.decode(4), wantsAnother: try row.decode(5))
    }
}
