package import FoundationEssentials
package import Postgres
package import Sync

/// How far a run is.
package struct RunState: Sendable {
    /// Full load or sweep; `nil` for a kind that a newer program has brought.
    package let kind: RunKind?
    /// Neither done nor cancelled.
    package let isRunning: Bool
    /// The blocks to read are known (full load).
    package let isPlanned: Bool
    /// Each block has its job (full load).
    package let isQueued: Bool
    /// The region above the newest lead was found empty.
    package let isProbed: Bool
    /// How far the search for the highest lead is, as its owner wrote it down (full load); `nil` before and after the search.
    package let plan: String?
    /// Since when it runs, by the database's clock.
    package let startedAt: Date
    /// The database's clock now.
    package let now: Date
}

/// One run of a tenant.
package struct FindRun: PostgresStatement {
    package static let sql = """
        SELECT kind, state = 'running', planned_at IS NOT NULL, queued_at IS NOT NULL, probed_at IS NOT NULL, plan, started_at, clock_timestamp()
        FROM sync.runs
        WHERE tenant_id = $1 AND id = $2
        """
    let tenant: TenantID
    let run: Int64
    /// The run `run` of `tenant`.
    package init(tenant: TenantID, run: Int64) {
        self.tenant = tenant
        self.run = run
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.run)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> RunState {
        RunState(
            kind: RunKind(rawValue: try row.decode(0)), isRunning: try row.decode(1), isPlanned: try row.decode(2), isQueued: try row.decode(3),
            isProbed: try row.decode(4), plan: try row.decode(5), startedAt: try row.decode(6), now: try row.decode(7))
    }
}
