import FoundationEssentials
import Postgres

/// Shuts a gate until a time, or for a while.
///
/// Carried by `gate_pkey`.
///
/// A little chance is added, so that a fleet does not come back at one instant.
struct GateShut: PostgresStatement {
    static let sql = """
        SELECT jobs.shut_gate($1, $2,
            CASE WHEN until.t = 'infinity' THEN until.t ELSE until.t + random() * least(interval '2 seconds', (until.t - now()) * 0.05) END, $5)
        FROM (SELECT coalesce($3::timestamptz, now() + $4::float8 * interval '1 second', 'infinity')) AS until(t)
        """

    let tenant: Int64
    let name: String
    let until: Date?
    /// When `until` is not given; neither: until it is opened.
    let wait: Duration?
    let reason: String

    var binds: [PostgresBind] {
        [.int8(self.tenant), .text(self.name), .timestamp(self.until), .double(self.wait?.seconds), .text(self.reason)]
    }

    /// Always one row, which nobody needs.
    static func decode(_ row: PostgresRow) throws(PostgresError) {}
}
