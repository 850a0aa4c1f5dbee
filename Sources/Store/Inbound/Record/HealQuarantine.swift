package import Postgres
package import Sync

/// Takes leads off the quarantine list because they were registered after all.
package struct HealQuarantine: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH healed AS (
            DELETE FROM sync.quarantine
            WHERE quarantine.tenant_id = $1 AND quarantine.lead_id = ANY ($2::bigint[])
            RETURNING quarantine.lead_id, quarantine.reason, quarantine.value
        )
        INSERT INTO sync.audit (tenant_id, lead_id, what, old, rule)
        SELECT $1, lead_id, 'lead_healed', jsonb_build_object('reason', reason, 'value', value), 'mended_in_marketo' FROM healed
        """
    let tenant: TenantID
    let leads: [LeadID]
    /// `leads` are registered.
    package init(tenant: TenantID, leads: [LeadID]) {
        self.tenant = tenant
        self.leads = leads
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.rawValue))] }
}
