import Postgres

/// Opens a gate; true when it was shut.
///
/// Carried by `gate_pkey`.
struct GateOpen: PostgresStatement {
    static let sql = "SELECT jobs.open_gate($1, $2)"

    let tenant: Int64
    let name: String

    var binds: [PostgresBind] { [.int8(self.tenant), .text(self.name)] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
