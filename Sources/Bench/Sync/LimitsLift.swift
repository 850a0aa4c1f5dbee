import Postgres
import Sync

/// Takes the ledger's limits from a tenant whose Marketo is the simulator on this machine.
///
/// Settings can't: they keep within what Marketo allows. This statement is part of the benchmark alone, no program for operators has it, and it touches no
/// tenant whose endpoint is not on loopback. A tenant that is saved anew has its limits back.
struct LimitsLift: PostgresStatement {
    typealias Row = PostgresNoRow

    static let sql = """
        UPDATE sync.call_budgets SET calls_per_window = 1000000, concurrent_calls = 1000, daily_limit = 1000000000
        FROM sync.tenants
        WHERE tenants.id = $1 AND tenants.endpoint LIKE 'http://127.0.0.1:%' AND call_budgets.subscription_id = tenants.subscription_id
        """

    let tenant: TenantID

    var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
}
