package import Postgres
package import Sync

/// No longer waits for blocks whose job died, with a note for each: the run goes on without them, and whoever retries the job reads them after all.
package struct GiveUpBlocks: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH given_up AS (
            UPDATE sync.lead_blocks SET wanted_at = NULL
            FROM unnest($3::bigint[], $4::bigint[]) AS dead (block_no, job_id)
            WHERE lead_blocks.tenant_id = $1 AND lead_blocks.block_no = dead.block_no AND lead_blocks.run_id = $2
            RETURNING lead_blocks.block_no, dead.job_id
        )
        INSERT INTO sync.notes (tenant_id, kind, lead_id, text)
        SELECT $1, 'block_unread', 300 * block_no + 1,
            format('Leads %s to %s could not be read; job %s tells why, and ops.retry_job(%s) tries again.',
                300 * block_no + 1, 300 * block_no + 300, job_id, job_id)
        FROM given_up
        ORDER BY block_no
        ON CONFLICT (tenant_id, kind, coalesce(lead_id, 0), coalesce(contact_id, 0)) DO UPDATE SET text = excluded.text, since = now()
        """
    let tenant: TenantID
    let run: Int64
    let blocks: [(block: LeadBlock, dead: Int64)]
    /// `blocks` of the run `run`, each with the job that died.
    package init(tenant: TenantID, run: Int64, blocks: [(block: LeadBlock, dead: Int64)]) {
        self.tenant = tenant
        self.run = run
        self.blocks = blocks
    }
    package var binds: [PostgresBind] {
        [.int8(self.tenant.rawValue), .int8(self.run), .int8s(self.blocks.map(\.block.number)), .int8s(self.blocks.map(\.dead))]
    }
}
