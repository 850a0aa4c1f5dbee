import FoundationEssentials
import JobQueue
import Jobs
import Logging
import Marketo
import Postgres
import Store
import Sync

/// What all handlers of a process share: the database, the way to Marketo, and the key that opens the tenants' secrets.
struct Bridge: Sendable {
    let pool: PostgresPool
    let transport: MarketoTransport
    let cipher: CredentialCipher
    /// Plain HTTP and loopback addresses are allowed (demo, tests).
    let allowsLocalEndpoints: Bool
    let logger: Logger
    private let unusable = TenantsUnusable()

    init(pool: PostgresPool, transport: MarketoTransport, cipher: CredentialCipher, allowsLocalEndpoints: Bool, logger: Logger) {
        self.pool = pool
        self.transport = transport
        self.cipher = cipher
        self.allowsLocalEndpoints = allowsLocalEndpoints
        self.logger = logger
    }

    /// The tenant of a job; `nil` if it was removed meanwhile, and then there is nothing left to do for it.
    ///
    /// Read anew each time, so that a changed setting or secret holds from the next job on.
    func tenant(_ id: Int64) async throws -> ConnectedTenant? {
        guard let tenant = try await self.pool.first(TenantByID(id: TenantID(rawValue: id))) else { return nil }
        let secret: Store.Secret
        let endpoint: MarketoEndpoint
        let settings: TenantSettings
        do {
            secret = try tenant.clientSecret(by: self.cipher)
            endpoint = try MarketoEndpoint(tenant.endpoint, allowLocal: self.allowsLocalEndpoints)
            settings = try tenant.settings()
        } catch {
            throw self.complain(of: tenant, "\(error)")
        }
        let fields = try await self.pool.first(TenantFields(tenant: tenant.id))
        return ConnectedTenant(
            id: tenant.id, settings: settings, acquisitionField: fields == nil ? LeadField.acquisitionDate.standardName : fields?.acquisitionDate,
            credentials: MarketoCredentials(endpoint: endpoint, clientID: tenant.clientID, clientSecret: Marketo.Secret(secret.reveal())),
            subscription: tenant.subscription, transport: self.transport, pool: self.pool)
    }

    /// The settings of a job's tenant, for work that asks nobody; `nil` if it was removed.
    func settings(_ id: Int64) async throws -> TenantSettings? {
        guard let tenant = try await self.pool.first(TenantByID(id: TenantID(rawValue: id))) else { return nil }
        do { return try tenant.settings() } catch { throw self.complain(of: tenant, "\(error)") }
    }

    /// Calls for a person, in the log once a tenant and process: its jobs come back again and again.
    private func complain(of tenant: Tenant, _ why: String) -> TenantUnusable {
        if self.unusable.isNew(tenant.id) {
            self.logger.error(
                "A tenant's credentials or settings can't be used by this worker", metadata: ["tenant.name": "\(tenant.name)", "why": "\(why)"])
        }
        return TenantUnusable(tenant: tenant.id, why: why)
    }
}

/// A tenant's stored credentials or settings can't be used by this process; a person has to mend them.
struct TenantUnusable: Error, JobVerdictConvertible, CustomStringConvertible {
    let tenant: TenantID
    /// One safe sentence.
    let why: String
    var description: String { self.why }
    /// Tried again in a minute, at no cost of an attempt: with the right master key it works.
    ///
    /// All that asks Marketo waits with it, so that its jobs don't come by one after the other; an operator finds the reason among the notes.
    var verdict: Verdict {
        .postpone(for: .seconds(60), gate: JobPolicy.marketoGate, reason: self.why) { [tenant, why] tx in
            try await tx.execute(WriteNotes(tenant: tenant, notes: [.init(kind: "tenant_unusable", lead: nil, contact: nil, text: why)]))
        }
    }
}
