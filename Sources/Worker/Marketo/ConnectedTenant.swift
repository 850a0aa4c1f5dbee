import FoundationEssentials
import Marketo
import Postgres
import Store
import Sync

/// A tenant as the handlers need it: who it is, how it wants its sync, and its way to Marketo.
struct ConnectedTenant: Sendable {
    /// Its number.
    let id: TenantID
    /// Every choice its owner has made.
    let settings: TenantSettings
    /// Which fields to ask for.
    let fields: LeadFields
    /// What Marketo calls the acquisition date here; `nil` if the subscription has no such field.
    let acquisitionField: String?
    private let credentials: MarketoCredentials
    private let subscription: SubscriptionID
    private let transport: MarketoTransport
    private let ledger: CallLedger

    init(
        id: TenantID, settings: TenantSettings, acquisitionField: String?, credentials: MarketoCredentials, subscription: SubscriptionID,
        transport: MarketoTransport, pool: PostgresPool
    ) {
        self.id = id
        self.settings = settings
        self.acquisitionField = acquisitionField
        self.fields = LeadFields(acquisitionDate: acquisitionField)
        self.credentials = credentials
        self.subscription = subscription
        self.transport = transport
        self.ledger = CallLedger(pool: pool)
    }

    /// Asks Marketo, for work of the sort `lane`.
    ///
    /// - Throws: what the client throws; ``CallHeld`` if no call may leave now.
    func ask<Answer: Sendable>(for lane: CallLane, _ question: (MarketoClient) async throws -> Answer) async throws -> Answer {
        let admission = LedgerAdmission(ledger: self.ledger, subscription: self.subscription, tenant: self.id, lane: lane)
        let client = MarketoClient(credentials: self.credentials, transport: self.transport, admission: admission) {
            CallMetrics.shared.ended($0)
            CallTrace.ended($0)
        }
        do {
            return try await question(client)
        } catch let error as MarketoError where error.code == .tokenRefused {
            try await admission.noteFreshTokenRefused()
            throw error
        }
    }

    /// Keeps what the usage page says for the ledger.
    func note(_ usage: Usage) async throws { try await self.ledger.noteUsage(total: usage.total, ours: usage.byUs, of: self.subscription) }
}
