package import Postgres
package import Sync

/// Opens a gate that was shut because of the vendor: it has just given a good answer, so nobody need wait any longer.
package struct OpenVendorGate: PostgresStatement {
    package typealias Row = Bool
    package static let sql = """
        SELECT jobs.open_gate($1, $2)
        WHERE EXISTS (SELECT FROM jobs.gate WHERE gate.tenant_id = $1 AND gate.name = $2 AND gate.shut_until > clock_timestamp())
        """
    let tenant: TenantID
    let gate: String
    /// The gate `gate` of `tenant`.
    package init(tenant: TenantID, gate: String) {
        self.tenant = tenant
        self.gate = gate
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .text(self.gate)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
