package import FoundationEssentials
package import Postgres
package import Sync

/// A person's story, the oldest first: what was read, which rule matched, what was written, pushed or refused, what a team did, and how it stands now.
///
/// - Shape: the newest 500 events. The facts of each are a JSON object of texts; which there are depends on the kind.
/// - Index: `audit_lead_idx`, `audit_contact_idx`, `contact_events_contact_idx`, `lead_mirror_pkey`, `pushes_contact_idx`; names by primary keys. The tenant's
///   notes are looked through: they are few, and somebody waits for this by hand.
package struct FindStory: PostgresStatement {
    /// One event.
    package struct Row: Sendable {
        package let at: Date
        package let kind: String
        package let lead: LeadID?
        package let contact: ContactID?
        package let job: Int64?
        package let facts: String
    }
    package static let sql = """
        SELECT told.at, told.kind, told.lead_id, told.contact_id, told.job_id, told.facts::text
        FROM (
            SELECT audit.at, audit.id AS place, audit.what AS kind, audit.lead_id, audit.contact_id, audit.job_id,
                coalesce((SELECT jsonb_object_agg('old_' || key, value) FROM jsonb_each_text(audit.old)), '{}')
                    || coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(audit.new)), '{}')
                    || jsonb_strip_nulls(jsonb_build_object('rule', audit.rule, 'account', accounts.name)) AS facts
            FROM sync.audit LEFT JOIN crm.accounts ON accounts.tenant_id = $1 AND accounts.id = audit.account_id
            WHERE audit.tenant_id = $1 AND audit.lead_id = ANY ($2::bigint[])
            UNION
            SELECT audit.at, audit.id, audit.what, audit.lead_id, audit.contact_id, audit.job_id,
                coalesce((SELECT jsonb_object_agg('old_' || key, value) FROM jsonb_each_text(audit.old)), '{}')
                    || coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(audit.new)), '{}')
                    || jsonb_strip_nulls(jsonb_build_object('rule', audit.rule, 'account', accounts.name))
            FROM sync.audit LEFT JOIN crm.accounts ON accounts.tenant_id = $1 AND accounts.id = audit.account_id
            WHERE audit.tenant_id = $1 AND audit.contact_id = ANY ($3::bigint[])
            UNION ALL
            SELECT events.at, events.seq, 'user_' || events.kind, NULL, events.contact_id, NULL,
                jsonb_strip_nulls(jsonb_build_object(
                    'deal', coalesce(deals.name, events.deal_id::text), 'phase', events.phase, 'activity', events.activity,
                    'action', events.action_id::text, 'fields', array_to_string(events.fields, ', ')))
            FROM sync.contact_events AS events
            LEFT JOIN crm.deals ON deals.tenant_id = $1 AND deals.id = events.deal_id
            WHERE events.tenant_id = $1 AND events.contact_id = ANY ($3::bigint[]) AND events.contact_id <> 0
                AND events.kind NOT IN ('contact_linked', 'contact_unlinked')
            UNION ALL
            SELECT notes.since, notes.id, 'note', notes.lead_id, notes.contact_id, NULL, jsonb_build_object('note', notes.kind, 'text', notes.text)
            FROM sync.notes
            WHERE notes.tenant_id = $1 AND (notes.lead_id = ANY ($2::bigint[]) OR notes.contact_id = ANY ($3::bigint[]))
            UNION ALL
            SELECT lead_mirror.observed_at, 0, 'lead_read', lead_mirror.lead_id, NULL, NULL, '{}'
            FROM sync.lead_mirror WHERE lead_mirror.tenant_id = $1 AND lead_mirror.lead_id = ANY ($2::bigint[])
            UNION ALL
            SELECT clock_timestamp(), pushes.lead_id, 'push_now', pushes.lead_id, pushes.contact_id, NULL,
                jsonb_strip_nulls(jsonb_build_object('field', pushes.field, 'value', pushes.desired, 'state', pushes.state, 'reason', pushes.reason))
            FROM sync.pushes
            WHERE pushes.tenant_id = $1 AND pushes.lead_id = ANY ($2::bigint[]) AND pushes.contact_id = ANY ($3::bigint[]) AND pushes.state <> 'acked'
            ORDER BY 1 DESC, 2 DESC
            LIMIT 500
        ) AS told
        ORDER BY told.at, told.place
        """
    let tenant: TenantID
    let subject: FindSubject.Row
    /// Of `subject`.
    package init(tenant: TenantID, subject: FindSubject.Row) {
        self.tenant = tenant
        self.subject = subject
    }
    package var binds: [PostgresBind] {
        [.int8(self.tenant.rawValue), .int8s(self.subject.leads.map(\.rawValue)), .int8s(self.subject.contacts.map(\.rawValue))]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let lead: Int64? = try row.decode(2)
        let contact: Int64? = try row.decode(3)
        return Row(
            at: try row.decode(0), kind: try row.decode(1), lead: lead.map { LeadID(rawValue: $0) }, contact: contact.map { ContactID(rawValue: $0) },
            job: try row.decode(4), facts: try row.decode(5))
    }
}
