package import Postgres
package import Sync

/// Whom a part of the story concerns, and in what.
///
/// - Index: `contact_events_pkey`, `tenants_pkey`. An event from before the tenant was set up concerns nobody, unless `push-existing` says so (D8); a link does.
package struct FindConcerned: PostgresStatement {
    /// A contact, and what may be different about it.
    package struct Row: Sendable {
        package let contact: ContactID
        package let phase: Bool
        package let status: Bool
        /// It may need a lead: it is new, is back, or was edited.
        package let mayNeedLead: Bool
    }
    package static let sql = """
        SELECT told.contact_id,
            bool_or(told.kind IN ('action_contact_added', 'action_moved', 'phase_changed', 'deal_deleted')),
            bool_or(told.kind IN ('action_contact_added', 'action_completed', 'action_corrected')),
            bool_or(told.kind IN ('contact_created', 'contact_restored', 'contact_edited'))
        FROM unnest($2::bigint[], $3::bigint[]) AS part (first, last)
        JOIN sync.contact_events AS told ON told.tenant_id = $1 AND told.seq BETWEEN part.first AND part.last AND told.contact_id <> 0
        JOIN sync.tenants ON tenants.id = $1 AND tenants.started_at IS NOT NULL
        WHERE told.at >= tenants.started_at OR tenants.settings ->> 'push-existing' = 'on' OR told.kind IN ('contact_linked', 'contact_unlinked')
        GROUP BY told.contact_id
        ORDER BY told.contact_id
        """
    let tenant: TenantID
    let ranges: [EventRange]
    /// Of the parts `ranges`.
    package init(tenant: TenantID, ranges: [EventRange]) {
        self.tenant = tenant
        self.ranges = ranges
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.ranges.map(\.first)), .int8s(self.ranges.map(\.last))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(contact: ContactID(rawValue: try row.decode(0)), phase: try row.decode(1), status: try row.decode(2), mayNeedLead: try row.decode(3))
    }
}
