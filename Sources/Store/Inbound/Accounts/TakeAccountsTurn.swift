import Postgres
import Sync

/// Takes the tenant's turn to decide on accounts if it is free and nobody has the making of accounts rest (`HoldTurn`).
///
/// Never waits for it: who asks holds the turn of the contacts, and who has this one may be writing to a contact that is held there. False: whoever has
/// no account waits for `resolve-account`.
///
/// - Index: `gate_pkey`.
struct TakeAccountsTurn: PostgresStatement {
    typealias Row = Bool
    static let sql = """
        SELECT CASE
            WHEN EXISTS (
                SELECT FROM jobs.gate WHERE gate.tenant_id = $1 AND gate.name = 'kind:resolve-account' AND gate.shut_until > clock_timestamp()
            ) THEN false
            ELSE pg_try_advisory_xact_lock(hashtextextended('kakehashi.' || $2, $1::bigint))
        END
        """
    let tenant: TenantID
    var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .text(HoldTurn.Matter.accounts.rawValue)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
