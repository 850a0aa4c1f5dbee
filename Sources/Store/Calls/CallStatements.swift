import FoundationEssentials
import Postgres
import Sync

/// Asks for a permit, or books one: `sync.admit_call`.
///
/// - Index: `call_budgets_pkey` for the lock, `calls_window_idx` for the calls of the last 20 s.
struct CallAdmit: PostgresStatement {
    let subscription: SubscriptionID
    let tenant: TenantID?
    let lane: CallLane
    let path: String
    let lease: Duration
    /// Replaces the database's clock; for tests.
    var at: Date?

    static let sql = """
        SELECT permit, wait_until, reason, extract(epoch FROM wait_until - coalesce($6, clock_timestamp()))::double precision
        FROM sync.admit_call($1, $2, $3, $4, $5, $6)
        """
    var binds: [PostgresBind] {
        [
            .int8(self.subscription.rawValue), .int8(self.tenant?.rawValue), .text(self.lane.rawValue), .text(self.path),
            .interval(self.lease), .timestamp(self.at),
        ]
    }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> CallAdmission {
        if let id: Int64 = try row.decode(0) { return .granted(CallPermit(id: id)) }
        let until: Date = try row.decode(1)
        // A word that this build does not know comes from a newer schema; to wait is right in any case.
        let reason = CallRefusal(rawValue: try row.decode(2)) ?? .window
        let seconds: Double = try row.decode(3)
        return .wait(until: until, delay: .seconds(max(0, seconds)), reason: reason)
    }
}

/// Records how a call ended: `sync.finish_call`.
///
/// - Shape: false if it was recorded before.
/// - Index: `calls_pkey`.
struct CallFinish: PostgresStatement {
    let permit: CallPermit
    let outcome: CallOutcome
    let vendorCode: String?
    let isCounted: Bool
    /// 0 to 1, spreads the waits.
    let jitter: Double
    /// Replaces the database's clock; for tests.
    var at: Date?

    static let sql = "SELECT sync.finish_call($1, $2, $3, $4, $5, $6)"
    var binds: [PostgresBind] {
        [
            .int8(self.permit.id), .text(self.outcome.rawValue), .text(self.vendorCode), .bool(self.isCounted), .double(self.jitter),
            .timestamp(self.at),
        ]
    }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}

/// Keeps what the vendor's usage page says of today: `sync.note_usage`.
///
/// - Index: `call_budgets_pkey`.
struct UsageNote: PostgresStatement {
    let subscription: SubscriptionID
    let total: Int
    let ours: Int?

    static let sql = "SELECT FROM sync.note_usage($1, $2, $3)"
    var binds: [PostgresBind] { [.int8(self.subscription.rawValue), .int(self.total), .int(self.ours)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) {}
}

/// Ends a pause for quota or for a vendor in trouble: `sync.lift_pause`.
///
/// - Shape: false if there was none.
/// - Index: `call_budgets_pkey`.
struct PauseLift: PostgresStatement {
    let subscription: SubscriptionID

    static let sql = "SELECT sync.lift_pause($1)"
    var binds: [PostgresBind] { [.int8(self.subscription.rawValue)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}

/// Lets a tenant's calls go on, for a test has shown that its credentials are good: `sync.credentials_proven`.
///
/// - Shape: false if that was not in doubt, or others were stored meanwhile.
/// - Index: `tenants_pkey`.
struct CredentialsProof: PostgresStatement {
    let tenant: TenantID
    let secret: SealedSecret

    static let sql = "SELECT sync.credentials_proven($1, $2)"
    var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .bytes(self.secret.box)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}

/// The ledger of a Marketo account, if any tenant ever used it.
///
/// - Index: `subscriptions_vendor_account_key`, `call_budgets_pkey`.
struct LedgerByAccount: PostgresStatement {
    let account: String

    static let sql = """
        SELECT subscriptions.id
        FROM sync.subscriptions JOIN sync.call_budgets ON call_budgets.subscription_id = subscriptions.id
        WHERE subscriptions.vendor = 'marketo' AND subscriptions.account = $1
        """
    var binds: [PostgresBind] { [.text(self.account)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> SubscriptionID { SubscriptionID(rawValue: try row.decode(0)) }
}

/// Forgets old calls, a bite at a time: `sync.prune_calls`.
///
/// - Shape: how many went.
/// - Index: `calls_booked_at_idx`.
struct CallPrune: PostgresStatement {
    let bite: Int

    static let sql = "SELECT sync.prune_calls(bite => $1)"
    var binds: [PostgresBind] { [.int(self.bite)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}
