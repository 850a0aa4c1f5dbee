package import Postgres
package import Sync

/// What is on record here of each of some leads, and whether somebody is at work on it.
///
/// - Shape: a row for each lead that was asked for, also for one of which nothing is known.
/// - Work: a lead is `waiting` while a job is going to read it again or to write it down: its own job, or that of its block, or the run that wants its
///   block; and, if it was never read, while a full load does not know its blocks yet. A look that is due only tomorrow is no work.
/// - Index: `lost_leads_pkey`, `quarantine_pkey`, `lead_links_pkey`, `contacts_lead_id_idx`, `lead_mirror_pkey`, `lead_blocks_pkey`,
///   `job_running_once`, `job_waiting_once`: some ten look-ups a lead, whatever the size of the tables.
package struct FindStandings: PostgresStatement {
    package typealias Row = LeadStanding
    package static let sql = """
        WITH asked AS MATERIALIZED (
            SELECT lead_id, 'lead:' || lead_id AS lead_key, (lead_id - 1) / 300 AS block_no, 'block:' || (lead_id - 1) / 300 AS block_key
            FROM unnest($2::bigint[]) AS lead_id
        ), beginning AS MATERIALIZED (
            SELECT EXISTS (
                    SELECT FROM sync.runs WHERE runs.tenant_id = $1 AND runs.kind = 'full' AND runs.state = 'running' AND runs.planned_at IS NULL
                ) AS is_planning,
                EXISTS (
                    SELECT FROM jobs.job WHERE job.tenant_id = $1 AND job.kind = 'check-frontier' AND job.worker_id IS NOT NULL AND job.state = 'running'
                ) AS is_looking
        )
        SELECT asked.lead_id,
            EXISTS (SELECT FROM sync.lost_leads WHERE lost_leads.tenant_id = $1 AND lost_leads.lead_id = asked.lead_id),
            quarantine.reason, quarantine.value,
            links.contacts, links.states, links.primaries, links.alive, links.showing_deleted,
            ARRAY(
                SELECT contacts.id FROM crm.contacts
                WHERE contacts.tenant_id = $1 AND contacts.lead_id = asked.lead_id AND contacts.deleted_at IS NULL
                    AND NOT EXISTS (
                        SELECT FROM sync.lead_links
                        WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = asked.lead_id AND lead_links.contact_id = contacts.id
                            AND lead_links.state <> 'merged'
                    )
                ORDER BY contacts.id
            ),
            EXISTS (
                SELECT FROM jobs.job
                WHERE job.tenant_id = $1 AND job.kind IN ('refresh-lead', 'upsert-contact') AND job.unique_key = asked.lead_key AND job.state = 'running'
            ) OR EXISTS (
                SELECT FROM jobs.job
                WHERE job.tenant_id = $1 AND job.kind = 'fetch-lead-page' AND job.unique_key = asked.block_key AND job.state = 'running'
            ) OR beginning.is_looking AND NOT mirror.is_read,
            EXISTS (
                SELECT FROM jobs.job
                WHERE job.tenant_id = $1 AND job.kind = 'upsert-contact' AND job.unique_key = asked.lead_key AND job.state <> 'running'
            ) OR EXISTS (
                SELECT FROM jobs.job
                WHERE job.tenant_id = $1 AND job.kind = 'refresh-lead' AND job.unique_key = asked.lead_key AND job.state <> 'running'
                    AND job.run_at < now() + interval '1 hour'
            ) OR EXISTS (
                SELECT FROM jobs.job
                WHERE job.tenant_id = $1 AND job.kind = 'fetch-lead-page' AND job.unique_key = asked.block_key AND job.state <> 'running'
                    AND job.run_at < now() + interval '1 hour'
            ) OR EXISTS (
                SELECT FROM sync.lead_blocks JOIN sync.runs ON runs.tenant_id = $1 AND runs.id = lead_blocks.run_id AND runs.state = 'running'
                WHERE lead_blocks.tenant_id = $1 AND lead_blocks.block_no = asked.block_no AND lead_blocks.wanted_at IS NOT NULL
            ) OR beginning.is_planning AND NOT mirror.is_read
        FROM asked
        CROSS JOIN beginning
        CROSS JOIN LATERAL (
            SELECT EXISTS (
                SELECT FROM sync.lead_mirror WHERE lead_mirror.tenant_id = $1 AND lead_mirror.lead_id = asked.lead_id
            ) AS is_read
        ) AS mirror
        LEFT JOIN sync.quarantine ON quarantine.tenant_id = $1 AND quarantine.lead_id = asked.lead_id
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(lead_links.contact_id ORDER BY lead_links.contact_id), '{}') AS contacts,
                coalesce(array_agg(lead_links.state ORDER BY lead_links.contact_id), '{}') AS states,
                coalesce(array_agg(lead_links.is_primary ORDER BY lead_links.contact_id), '{}') AS primaries,
                coalesce(array_agg(contacts.id IS NOT NULL ORDER BY lead_links.contact_id), '{}') AS alive,
                coalesce(array_agg(
                    EXISTS (
                        SELECT FROM sync.lead_links AS shown
                        WHERE shown.tenant_id = $1 AND shown.lead_id = contacts.lead_id AND shown.contact_id = contacts.id
                            AND shown.state = 'lead_deleted'
                    ) ORDER BY lead_links.contact_id
                ), '{}') AS showing_deleted
            FROM sync.lead_links
            LEFT JOIN crm.contacts ON contacts.tenant_id = $1 AND contacts.id = lead_links.contact_id AND contacts.deleted_at IS NULL
            WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = asked.lead_id
        ) AS links
        ORDER BY asked.lead_id
        """
    let tenant: TenantID
    let leads: [LeadID]
    /// Of `leads`, each once.
    package init(tenant: TenantID, leads: [LeadID]) {
        self.tenant = tenant
        self.leads = leads
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.rawValue))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> LeadStanding {
        let reason: String? = try row.decode(2)
        let value: String? = try row.decode(3)
        let contacts: [Int64] = try row.decode(4)
        let states: [String] = try row.decode(5)
        let primaries: [Bool] = try row.decode(6)
        let alive: [Bool] = try row.decode(7)
        let showingDeleted: [Bool] = try row.decode(8)
        let strays: [Int64] = try row.decode(9)
        let isRunning: Bool = try row.decode(10)
        let isWaiting: Bool = try row.decode(11)
        return LeadStanding(
            lead: LeadID(rawValue: try row.decode(0)), isLost: try row.decode(1),
            entry: reason.map { LeadStanding.Entry(reason: $0, value: value) },
            links: contacts.indices.map {
                LeadStanding.Link(
                    contact: ContactID(rawValue: contacts[$0]), state: states[$0], isPrimary: primaries[$0], isAlive: alive[$0],
                    showsDeleted: showingDeleted[$0])
            },
            strays: strays.map(ContactID.init(rawValue:)), work: isRunning ? .running : isWaiting ? .waiting : .none)
    }
}
