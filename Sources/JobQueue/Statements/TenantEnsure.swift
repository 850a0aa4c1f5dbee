package import Postgres

/// The number of the tenant with a name, made when there is none.
///
/// Carried by `tenant_name_once`.
package struct TenantEnsure: PostgresStatement {
    package static let sql = """
        INSERT INTO jobs.tenant AS t (name) VALUES ($1)
        ON CONFLICT ON CONSTRAINT tenant_name_once DO UPDATE SET name = t.name
        RETURNING t.id
        """

    /// The name.
    package let name: String

    /// Asks for `name`.
    package init(name: String) { self.name = name }

    /// The values.
    package var binds: [PostgresBind] { [.text(self.name)] }

    /// Reads the number.
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
