package import Postgres
package import Sync

/// Keeps what describe told of the fields that have a role here; a role without a field is left out.
package struct NoteFields: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.lead_fields (tenant_id, read_at, acquisition_date, phase, status)
        VALUES ($1, clock_timestamp(), $2, $3, $4)
        ON CONFLICT (tenant_id) DO UPDATE
            SET read_at = excluded.read_at, acquisition_date = excluded.acquisition_date, phase = excluded.phase, status = excluded.status
        """
    let tenant: TenantID
    let acquisitionDate: String?
    let phase: String?
    let status: String?
    /// The REST names that play a role for `tenant`.
    package init(tenant: TenantID, acquisitionDate: String?, phase: String?, status: String?) {
        self.tenant = tenant
        self.acquisitionDate = acquisitionDate
        self.phase = phase
        self.status = status
    }
    package var binds: [PostgresBind] {
        [.int8(self.tenant.rawValue), .text(self.acquisitionDate), .text(self.phase), .text(self.status)]
    }
}
