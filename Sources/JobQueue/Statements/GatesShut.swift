package import Postgres

/// The gates of a tenant that are shut now.
///
/// Carried by `gate_pkey`.
package struct GatesShut: PostgresStatement {
    package static let sql = """
        SELECT name, CASE WHEN shut_until = 'infinity' THEN NULL ELSE shut_until END, reason
        FROM jobs.gate
        WHERE tenant_id = $1 AND shut_until > now()
        ORDER BY name
        """

    /// Whose gates.
    package let tenant: Int64

    /// Asks for those of `tenant`.
    package init(tenant: Int64) { self.tenant = tenant }

    /// The values.
    package var binds: [PostgresBind] { [.int8(self.tenant)] }

    /// Reads one gate.
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> ShutGate {
        ShutGate(name: try row.decode(0), until: try row.decode(1), reason: try row.decode(2))
    }
}
