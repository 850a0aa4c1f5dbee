package import Postgres
package import Sync

/// Keeps what describe told of the fields that have a role here.
///
/// - Index: `lead_fields_pkey`.
package struct NoteFields: PostgresStatement {
    package typealias Row = PostgresNoRow
    /// A field that is written to.
    package struct Role: Sendable {
        /// Its REST name; `nil`: the subscription has none.
        let name: String?
        /// Why nothing is sent to it.
        let fault: String?
        /// How many characters it holds.
        let length: Int?
        /// `fault`: field_missing or field_read_only.
        package init(name: String?, fault: String?, length: Int?) {
            self.name = name
            self.fault = fault
            self.length = length
        }
    }
    package static let sql = """
        INSERT INTO sync.lead_fields (tenant_id, read_at, acquisition_date, phase, status, phase_fault, status_fault, phase_length, status_length)
        VALUES ($1, clock_timestamp(), $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (tenant_id) DO UPDATE
            SET read_at = excluded.read_at, acquisition_date = excluded.acquisition_date, phase = excluded.phase, status = excluded.status,
                phase_fault = excluded.phase_fault, status_fault = excluded.status_fault, phase_length = excluded.phase_length,
                status_length = excluded.status_length
        """
    let tenant: TenantID
    let acquisitionDate: String?
    let phase: Role
    let status: Role
    /// What plays a role for `tenant`.
    package init(tenant: TenantID, acquisitionDate: String?, phase: Role, status: Role) {
        self.tenant = tenant
        self.acquisitionDate = acquisitionDate
        self.phase = phase
        self.status = status
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .text(self.acquisitionDate), .text(self.phase.name), .text(self.status.name), .text(self.phase.fault),
            .text(self.status.fault), .int(self.phase.length), .int(self.status.length),
        ]
    }
}
