import Postgres
import Sync

/// How steadily the calls of a full load left: what the ledger says of them.
///
/// - Index: `calls_booked_at_idx`.
struct CallPace: PostgresStatement {
    /// The answer.
    struct Row: Sendable {
        /// Calls that were booked and count, of all sorts.
        let calls: Int
        /// The mean time from a call of the load to the hundredth before it, over all of them that have one: 20 s is all that Marketo allows.
        let secondsPerHundred: Double?
    }

    static let sql = """
        SELECT
            (SELECT count(*) FROM sync.calls WHERE calls.tenant_id = $1 AND calls.counted),
            (
                SELECT extract(epoch FROM avg(load.gap))::double precision
                FROM (
                    SELECT booked_at - lag(booked_at, 100) OVER (ORDER BY booked_at, id) AS gap
                    FROM sync.calls WHERE tenant_id = $1 AND lane = 'backfill'
                ) AS load
            )
        """

    let tenant: TenantID

    var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(calls: try row.decode(0), secondsPerHundred: try row.decode(1))
    }
}
