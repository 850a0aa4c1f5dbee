package import Postgres
package import Sync

/// Of each contact the events that decide which deal's phase its lead shows.
///
/// A registration for a deal without a phase says nothing; a phase that was taken away does. What a deal's phase is called is what it was called when the deal
/// came to it: a new name is no event (R22). Of a deal that changed in a transaction which was open as the contact was registered, the change counts whose
/// place in the order is before.
///
/// - Index: `contact_events_contact_idx` backwards, `contact_events_deal_idx`; of a story of any length a few rows.
package struct FindPhaseStories: PostgresStatement {
    /// A contact and its story.
    package struct Row: Sendable {
        package let contact: ContactID
        package let story: PhaseStory
    }
    package static let sql = """
        SELECT asked.contact_id,
            latest.seq, latest.deal_id, CASE WHEN shown.is_known AND shown.phase_id IS DISTINCT FROM latest.phase_id THEN shown.phase ELSE latest.phase END,
            coalesce(existing.count_too OR latest.at >= tenants.started_at, false),
            living.seq, living.deal_id, living.phase, coalesce(existing.count_too OR living.at >= tenants.started_at, false),
            gone.seq, coalesce(existing.count_too OR gone.at >= tenants.started_at, false),
            ended.seq, coalesce(existing.count_too OR ended.at >= tenants.started_at, false)
        FROM unnest($2::bigint[]) AS asked (contact_id)
        JOIN sync.tenants ON tenants.id = $1
        CROSS JOIN LATERAL (SELECT tenants.settings ->> 'push-existing' IS NOT DISTINCT FROM 'on' AS count_too) AS existing
        LEFT JOIN LATERAL (
            SELECT told.seq, told.deal_id, told.phase_id, told.phase, told.at FROM sync.contact_events AS told
            WHERE told.tenant_id = $1 AND told.contact_id = asked.contact_id AND told.contact_id <> 0 AND told.deal_id IS NOT NULL
                AND (told.kind IN ('action_contact_added', 'action_moved') AND told.phase IS NOT NULL OR told.kind = 'phase_changed')
            ORDER BY told.seq DESC LIMIT 1
        ) AS latest ON true
        LEFT JOIN LATERAL (
            SELECT true AS is_known, told.phase_id, told.phase FROM sync.contact_events AS told
            WHERE told.tenant_id = $1 AND told.deal_id = latest.deal_id AND told.contact_id = 0 AND told.kind IN ('deal_created', 'phase_changed')
                AND told.seq <= latest.seq
            ORDER BY told.seq DESC LIMIT 1
        ) AS shown ON true
        LEFT JOIN LATERAL (
            SELECT told.seq, told.at FROM sync.contact_events AS told
            WHERE told.tenant_id = $1 AND told.deal_id = latest.deal_id AND told.contact_id = 0 AND told.kind = 'deal_deleted'
            ORDER BY told.seq DESC LIMIT 1
        ) AS gone ON true
        LEFT JOIN LATERAL (
            SELECT told.seq, told.at FROM sync.contact_events AS told
            WHERE told.tenant_id = $1 AND told.contact_id = asked.contact_id AND told.contact_id <> 0 AND told.kind = 'deal_deleted'
            ORDER BY told.seq DESC LIMIT 1
        ) AS ended ON true
        LEFT JOIN LATERAL (
            SELECT told.seq, told.deal_id, told.phase, told.at
            FROM sync.contact_events AS told
            WHERE told.tenant_id = $1 AND told.contact_id = asked.contact_id AND told.contact_id <> 0 AND gone.seq IS NOT NULL
                AND (told.kind IN ('action_contact_added', 'action_moved') AND told.phase IS NOT NULL OR told.kind = 'phase_changed')
                AND NOT EXISTS (
                    SELECT FROM sync.contact_events AS dead
                    WHERE dead.tenant_id = $1 AND dead.deal_id = told.deal_id AND dead.contact_id = 0
                        AND dead.kind IN ('deal_deleted', 'deal_merged')
                )
            ORDER BY told.seq DESC LIMIT 1
        ) AS living ON true
        """
    let tenant: TenantID
    let contacts: [ContactID]
    /// Of `contacts`.
    package init(tenant: TenantID, contacts: [ContactID]) {
        self.tenant = tenant
        self.contacts = contacts
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.contacts.map(\.rawValue))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            contact: ContactID(rawValue: try row.decode(0)),
            story: PhaseStory(
                latest: try Self.source(row, at: 1), latestLiving: try Self.source(row, at: 5), end: try Self.deletion(row, at: 9),
                latestEnd: try Self.deletion(row, at: 11)))
    }

    private static func source(_ row: PostgresRow, at place: Int) throws(PostgresError) -> PhaseStory.Source? {
        let seq: Int64? = try row.decode(place)
        let deal: Int64? = try row.decode(place + 1)
        guard let seq, let deal else { return nil }
        return PhaseStory.Source(seq: seq, deal: DealID(rawValue: deal), phase: try row.decode(place + 2), counts: try row.decode(place + 3))
    }

    private static func deletion(_ row: PostgresRow, at place: Int) throws(PostgresError) -> PhaseStory.Deletion? {
        let seq: Int64? = try row.decode(place)
        guard let seq else { return nil }
        return PhaseStory.Deletion(seq: seq, counts: try row.decode(place + 1))
    }
}
