package import Postgres
package import Sync

/// Of each contact the action that counted last: it is completed and the contact takes part in it (R54, R56).
///
/// What was taken back or deleted since has counted all the same. One whose kind was corrected since has the corrected one, and keeps its place.
///
/// - Index: `contact_events_contact_idx` backwards; `contact_events_completed_idx`.
/// - Shape: no row for a contact of whom no action counts.
package struct FindLastActivities: PostgresStatement {
    package typealias Row = DesiredValue
    package static let sql = """
        SELECT asked.contact_id, latest.seq, latest.action_id, coalesce(
            (
                SELECT corrected.activity FROM sync.contact_events AS corrected
                WHERE corrected.tenant_id = $1 AND corrected.action_id = latest.action_id AND corrected.contact_id = 0
                    AND corrected.kind = 'action_corrected' AND corrected.seq > latest.seq
                ORDER BY corrected.seq DESC LIMIT 1
            ), latest.activity)
        FROM unnest($2::bigint[]) AS asked (contact_id)
        JOIN sync.tenants ON tenants.id = $1
        CROSS JOIN LATERAL (
            SELECT told.seq, told.action_id, told.activity, told.at FROM sync.contact_events AS told
            WHERE told.tenant_id = $1 AND told.contact_id = asked.contact_id AND told.contact_id <> 0 AND told.activity IS NOT NULL
                AND told.kind IN ('action_contact_added', 'action_completed')
            ORDER BY told.seq DESC LIMIT 1
        ) AS latest
        WHERE latest.at >= tenants.started_at OR tenants.settings ->> 'push-existing' = 'on'
        """
    let tenant: TenantID
    let contacts: [ContactID]
    /// Of `contacts`.
    package init(tenant: TenantID, contacts: [ContactID]) {
        self.tenant = tenant
        self.contacts = contacts
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.contacts.map(\.rawValue))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> DesiredValue {
        DesiredValue(
            contact: ContactID(rawValue: try row.decode(0)), field: .status, value: try row.decode(3), seq: try row.decode(1), deal: nil,
            action: try row.decode(2))
    }
}
