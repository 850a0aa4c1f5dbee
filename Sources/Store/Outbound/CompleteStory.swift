package import Postgres
package import Sync

/// Adds to the story of each contact what its writer could not see.
///
/// Two transactions that were open at once, one that had a contact take part and one that changed the deal or the action, don't see each other. Whichever is
/// looked at later, both are there.
///
/// - Index: `contact_events_pkey` for the part, `contact_events_completed_idx`, `actions_deal_id_idx`, `action_contacts_action_id_idx`,
///   `contacts_account_id_idx`, `desired_values_deal_idx`.
package struct CompleteStory: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH part AS (
            SELECT told.* FROM unnest($2::bigint[], $3::bigint[]) AS part (first, last)
            JOIN sync.contact_events AS told ON told.tenant_id = $1 AND told.seq BETWEEN part.first AND part.last
        ), involved AS (
            SELECT part.seq, part.kind, part.deal_id, part.action_id, part.phase_id, part.phase, part.activity, part.at, action_contacts.contact_id
            FROM part
            JOIN crm.actions ON actions.tenant_id = $1 AND actions.deal_id = part.deal_id
            JOIN crm.action_contacts ON action_contacts.tenant_id = $1 AND action_contacts.action_id = actions.id
            WHERE part.contact_id = 0 AND part.kind = 'phase_changed'
            UNION
            SELECT part.seq, part.kind, part.deal_id, part.action_id, part.phase_id, part.phase, part.activity, part.at, contacts.id
            FROM part
            JOIN crm.deals ON deals.tenant_id = $1 AND deals.id = part.deal_id
            JOIN crm.contacts ON contacts.tenant_id = $1 AND contacts.account_id = deals.account_id
            WHERE $4 AND part.contact_id = 0 AND part.kind = 'phase_changed'
            UNION
            SELECT part.seq, part.kind, part.deal_id, part.action_id, part.phase_id, part.phase, part.activity, part.at, action_contacts.contact_id
            FROM part
            JOIN crm.action_contacts ON action_contacts.tenant_id = $1 AND action_contacts.action_id = part.action_id
            WHERE part.contact_id = 0 AND part.kind IN ('action_completed', 'action_corrected', 'action_moved')
            UNION
            SELECT changed.seq, changed.kind, changed.deal_id, changed.action_id, changed.phase_id, changed.phase, changed.activity, changed.at, part.contact_id
            FROM part
            CROSS JOIN LATERAL (
                SELECT told.* FROM sync.contact_events AS told
                WHERE told.tenant_id = $1 AND told.deal_id = part.deal_id AND told.contact_id = 0 AND told.kind = 'phase_changed'
                    AND told.seq > part.seq
                ORDER BY told.seq DESC LIMIT 1
            ) AS changed
            WHERE part.contact_id <> 0 AND part.kind IN ('action_contact_added', 'action_moved') AND EXISTS (
                SELECT FROM crm.actions
                JOIN crm.action_contacts ON action_contacts.tenant_id = $1 AND action_contacts.action_id = actions.id
                WHERE actions.tenant_id = $1 AND actions.deal_id = part.deal_id AND action_contacts.contact_id = part.contact_id
            )
            UNION
            SELECT completed.seq, completed.kind, completed.deal_id, completed.action_id, completed.phase_id, completed.phase, completed.activity, completed.at,
                part.contact_id
            FROM part
            JOIN crm.actions ON actions.tenant_id = $1 AND actions.id = part.action_id AND actions.status = '完了'
            CROSS JOIN LATERAL (
                SELECT told.* FROM sync.contact_events AS told
                WHERE told.tenant_id = $1 AND told.action_id = part.action_id AND told.contact_id = 0 AND told.kind = 'action_completed'
                ORDER BY told.seq DESC LIMIT 1
            ) AS completed
            WHERE part.contact_id <> 0 AND part.kind = 'action_contact_added' AND part.activity IS NULL
            UNION
            SELECT part.seq, part.kind, part.deal_id, part.action_id, part.phase_id, part.phase, part.activity, part.at, desired_values.contact_id
            FROM part
            JOIN sync.desired_values ON desired_values.tenant_id = $1 AND desired_values.deal_id = part.deal_id
            WHERE part.contact_id = 0 AND part.kind = 'deal_deleted'
        )
        INSERT INTO sync.contact_events (tenant_id, seq, contact_id, at, kind, deal_id, action_id, phase_id, phase, activity)
        SELECT $1, seq, contact_id, at, kind, deal_id, action_id, phase_id, phase, activity FROM involved
        ORDER BY seq, contact_id
        ON CONFLICT (tenant_id, seq, contact_id) DO NOTHING
        """
    let tenant: TenantID
    let ranges: [EventRange]
    let withAccount: Bool
    /// Of the parts `ranges`; `withAccount`: a phase concerns all contacts of the deal's account (D2).
    package init(tenant: TenantID, ranges: [EventRange], withAccount: Bool) {
        self.tenant = tenant
        self.ranges = ranges
        self.withAccount = withAccount
    }
    package var binds: [PostgresBind] {
        [.int8(self.tenant.rawValue), .int8s(self.ranges.map(\.first)), .int8s(self.ranges.map(\.last)), .bool(self.withAccount)]
    }
}
