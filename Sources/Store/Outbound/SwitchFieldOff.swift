package import Postgres
package import Sync

/// Notes that Marketo does not have one of the two fields after all, until describe finds it again (R66).
///
/// - Index: `lead_fields_pkey`.
package struct SwitchFieldOff: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.lead_fields AS known (tenant_id, read_at, acquisition_date, phase_fault, status_fault)
        VALUES ($1, 'epoch', 'mktoAcquisitionDate', CASE WHEN $2 = 'phase' THEN 'field_missing' END, CASE WHEN $2 = 'status' THEN 'field_missing' END)
        ON CONFLICT (tenant_id) DO UPDATE
            SET phase_fault = coalesce(excluded.phase_fault, known.phase_fault), status_fault = coalesce(excluded.status_fault, known.status_fault)
        """
    let tenant: TenantID
    let field: DesiredValue.Field
    /// `field` is not there.
    package init(tenant: TenantID, field: DesiredValue.Field) {
        self.tenant = tenant
        self.field = field
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .text(self.field.rawValue)] }
}
