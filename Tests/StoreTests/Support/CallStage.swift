import FoundationEssentials
import Postgres
import Sync

@testable import Store

/// One subscription with one tenant, and the ledger asked at times that the test gives.
struct CallStage: Sendable {
    let store: StoreDatabase
    let tenant: TenantID
    let subscription = SubscriptionID(rawValue: 1)
    /// Noon in London, six in the morning in Chicago, on a Monday in winter.
    let start = Date(timeIntervalSince1970: 1_767_614_400)

    /// With settings as `{"calls-per-20s":"100"}`.
    init(_ store: StoreDatabase, settings: [String: String] = [:]) async throws {
        self.store = store
        self.tenant = TenantID(rawValue: store.acme)
        try await store.run(
            """
            INSERT INTO sync.subscriptions (vendor, account) VALUES ('marketo', '123-abc-456');
            INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id, settings)
            VALUES (\(store.acme), 'acme', 1, 'https://123-abc-456.mktorest.com', 'c', '', '', '\(SettingsJSON.text(settings))')
            """)
    }

    /// The start and so many milliseconds.
    func moment(_ milliseconds: Int) -> Date { self.start.addingTimeInterval(Double(milliseconds) / 1_000) }

    /// Whether a call may leave at `milliseconds`; as a test of credentials, it goes with nobody's stored ones.
    func admit(
        at milliseconds: Int, lane: CallLane = .interactive, path: String = "/rest/v1/leads.json", lease: Int = 60_000, tenant: TenantID? = nil,
        isTest: Bool = false
    ) async throws -> CallAdmission? {
        try await self.store.pool.first(
            CallAdmit(
                subscription: self.subscription, tenant: isTest ? nil : tenant ?? self.tenant, lane: lane, path: path, lease: .milliseconds(lease),
                at: self.moment(milliseconds)))
    }

    /// The permit of a call that may leave at `milliseconds`.
    func permit(
        at milliseconds: Int, path: String = "/rest/v1/leads.json", tenant: TenantID? = nil, isTest: Bool = false
    ) async throws -> CallPermit? {
        guard case .granted(let permit) = try await self.admit(at: milliseconds, path: path, tenant: tenant, isTest: isTest) else { return nil }
        return permit
    }

    /// Why a call may not leave at `milliseconds`, and how many milliseconds after the start to ask again.
    func refusal(at milliseconds: Int, path: String = "/rest/v1/leads.json", tenant: TenantID? = nil) async throws -> Refusal? {
        guard case .wait(let until, _, let reason) = try await self.admit(at: milliseconds, path: path, tenant: tenant) else { return nil }
        return Refusal(reason: reason, until: Int((until.timeIntervalSince(self.start) * 1_000).rounded()))
    }

    /// Records how a call ended.
    @discardableResult
    func finish(_ permit: CallPermit?, _ outcome: CallOutcome, counted: Bool = true, at milliseconds: Int, jitter: Double = 0) async throws -> Bool {
        guard let permit else { return false }
        let statement = CallFinish(
            permit: permit, outcome: outcome, vendorCode: nil, isCounted: counted, jitter: jitter, at: self.moment(milliseconds))
        return try await self.store.pool.first(statement) ?? false
    }

    /// A call that leaves at `milliseconds` and ends 100 ms later; false if it may not leave.
    @discardableResult
    func call(at milliseconds: Int, _ outcome: CallOutcome = .answered, path: String = "/rest/v1/leads.json") async throws -> Bool {
        try await self.finish(try await self.permit(at: milliseconds, path: path), outcome, at: milliseconds + 100)
    }

    /// Shuts the vendor's gate of a tenant, and one that the vendor has nothing to do with.
    func shutGates(of tenant: Int64) async throws {
        try await self.store.run(
            "SELECT jobs.shut_gate(\(tenant), name, 'infinity', 'test') FROM (VALUES ('marketo'), ('tenant')) AS gates (name)")
    }

    /// How many gates of the vendor's are shut.
    func shutVendorGates() async throws -> Int {
        try await self.store.number("SELECT count(*) FROM jobs.gate WHERE name = 'marketo'")
    }

    struct Refusal: Equatable, Sendable {
        let reason: CallRefusal
        let until: Int
    }
}
