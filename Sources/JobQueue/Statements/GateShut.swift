import FoundationEssentials
import Postgres

/// Shuts a gate until a time, or for a while.
///
/// Carried by `gate_pkey`.
///
/// To more than half a minute a little chance is added, so that a fleet does not come back at one instant; a short wait is for a place that is free then,
/// and whoever comes late leaves it empty.
struct GateShut: PostgresStatement {
    static let sql = """
        SELECT CASE WHEN isfinite(gate.shut_until) THEN extract(epoch FROM gate.shut_until - clock_timestamp())::float8 END
        FROM (SELECT coalesce($3::timestamptz, clock_timestamp() + $4::float8 * interval '1 second', 'infinity')) AS until(t)
        CROSS JOIN LATERAL jobs.shut_gate($1, $2,
            CASE WHEN isfinite(until.t)
                THEN until.t + random() * least(interval '2 seconds', greatest(interval '0', until.t - now() - interval '30 seconds') * 0.05)
                ELSE until.t END,
            $5) AS gate(shut_until)
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

    /// How long it stays shut; `nil`: until somebody opens it.
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Duration? {
        let seconds: Double? = try row.decode(0)
        return seconds.map { .seconds($0) }
    }
}
