package import Postgres
package import Sync

/// Opens a run, unless the tenant has one of that kind running; a sweep that is refused is noted as due (R11).
///
/// - Shape: a row with the new run's id, or none when one runs.
package struct StartRun: PostgresStatement {
    package typealias Row = Int64
    package static let sql = """
        WITH opened AS (
            INSERT INTO sync.runs (tenant_id, kind) VALUES ($1, $2)
            ON CONFLICT (tenant_id, kind) WHERE state = 'running' DO UPDATE SET again = true
            RETURNING id, again
        )
        SELECT id FROM opened WHERE NOT again
        """
    let tenant: TenantID
    let kind: RunKind
    /// A run of `kind` for `tenant`.
    package init(tenant: TenantID, kind: RunKind) {
        self.tenant = tenant
        self.kind = kind
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .text(self.kind.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
