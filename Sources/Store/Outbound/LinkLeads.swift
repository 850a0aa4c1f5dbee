package import Postgres
package import Sync

/// Links leads, found by their address or made just now, with every waiting contact of that address, and has the contacts show Lead ID, Score and
/// Acquisition Date.
///
/// A contact that was deleted meanwhile keeps its link, marked so: its lead does not come back as a new contact (D9). A lead that another contact holds, whose
/// address is not this one, stays that contact's: the Lead ID outranks the e-mail, and a note says so (R42). Take the tenant's turn for contacts first.
///
/// - Index: `contacts_email_key_idx`, `contacts_pkey`, `lead_links_pkey`, `lead_links_contact_idx`, `lead_mirror_pkey`.
package struct LinkLeads: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH matching AS MATERIALIZED (
            SELECT DISTINCT found.lead_id, found.rule, found.baseline, people.contact_id, people.is_gone,
                coalesce(holders.hold_another_address, false) AS is_taken
            FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[]) AS found (lead_id, key, rule, baseline, asking)
            CROSS JOIN LATERAL (
                SELECT contacts.id AS contact_id, contacts.deleted_at IS NOT NULL AS is_gone
                FROM crm.contacts
                WHERE contacts.tenant_id = $1
                    AND (contacts.id = found.asking OR contacts.email_key = crm.index_key(found.key) AND contacts.deleted_at IS NULL)
                UNION ALL
                SELECT found.asking, true WHERE NOT EXISTS (SELECT FROM crm.contacts WHERE contacts.tenant_id = $1 AND contacts.id = found.asking)
            ) AS people
            CROSS JOIN LATERAL (
                SELECT NOT bool_or(holder.email_key IS NOT DISTINCT FROM crm.index_key(found.key)) AS hold_another_address
                FROM sync.lead_links
                JOIN crm.contacts AS holder ON holder.tenant_id = $1 AND holder.id = lead_links.contact_id AND holder.deleted_at IS NULL
                WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = found.lead_id AND lead_links.state = 'active'
            ) AS holders
            WHERE NOT EXISTS (
                SELECT FROM sync.lead_links
                WHERE lead_links.tenant_id = $1 AND lead_links.contact_id = people.contact_id AND lead_links.state IN ('active', 'lead_deleted')
            )
        ), wanted AS (
            SELECT * FROM matching WHERE NOT is_taken
        ), left_alone AS (
            INSERT INTO sync.notes (tenant_id, kind, lead_id, contact_id, text)
            SELECT $1, 'possible_duplicate', lead_id, contact_id,
                format('The contact has the e-mail address of lead %s, which another contact holds; it was left as it is.', lead_id)
            FROM matching WHERE is_taken AND NOT is_gone
            ORDER BY lead_id, contact_id
            ON CONFLICT (tenant_id, kind, coalesce(lead_id, 0), coalesce(contact_id, 0)) DO NOTHING
        ), shown AS (
            UPDATE crm.contacts
            SET lead_id = wanted.lead_id, lead_score = CASE WHEN mirror.lead_score BETWEEN -2147483648 AND 2147483647 THEN mirror.lead_score END, acquisition_date = mirror.acquisition_date
            FROM wanted LEFT JOIN sync.lead_mirror AS mirror ON mirror.tenant_id = $1 AND mirror.lead_id = wanted.lead_id
            WHERE contacts.tenant_id = $1 AND contacts.id = wanted.contact_id AND NOT wanted.is_gone
        ), linked AS (
            INSERT INTO sync.lead_links (tenant_id, lead_id, contact_id, is_primary, state, rule, observed_at, snapshot, baseline_seq)
            SELECT $1, wanted.lead_id, wanted.contact_id, NOT wanted.is_gone, CASE WHEN wanted.is_gone THEN 'contact_deleted' ELSE 'active' END,
                wanted.rule, 'epoch', 0, wanted.baseline
            FROM wanted
            ORDER BY wanted.lead_id, wanted.contact_id
            ON CONFLICT (tenant_id, lead_id, contact_id) DO UPDATE SET state = excluded.state, is_primary = excluded.is_primary
            RETURNING lead_id, contact_id, rule
        )
        INSERT INTO sync.audit (tenant_id, lead_id, contact_id, what, new, rule, job_id)
        SELECT $1, lead_id, contact_id, CASE rule WHEN 'created' THEN 'lead_created' ELSE 'contact_linked' END,
            jsonb_build_object('lead_id', lead_id, 'contact_id', contact_id), rule, $7
        FROM linked
        """
    /// A lead and the contact for whose sake it was looked for.
    package struct Link: Sendable {
        let lead: LeadID
        let key: EmailKey
        let rule: String
        let baseline: Int64
        let contact: ContactID
        /// `rule`: `created` or `email`.
        package init(lead: LeadID, key: EmailKey, rule: String, baseline: Int64, contact: ContactID) {
            self.lead = lead
            self.key = key
            self.rule = rule
            self.baseline = baseline
            self.contact = contact
        }
    }
    let tenant: TenantID
    let links: [Link]
    let job: Int64
    /// `links`, of the job `job`.
    package init(tenant: TenantID, links: [Link], job: Int64) {
        self.tenant = tenant
        self.links = links
        self.job = job
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .int8s(self.links.map(\.lead.rawValue)), .texts(self.links.map(\.key.text)), .texts(self.links.map(\.rule)),
            .int8s(self.links.map(\.baseline)), .int8s(self.links.map(\.contact.rawValue)), .int8(self.job),
        ]
    }
}
