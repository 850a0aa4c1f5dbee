import FoundationEssentials
import JobQueue
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
            throw TenantUnusable(why: "\(error)")
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
        do { return try tenant.settings() } catch { throw TenantUnusable(why: "\(error)") }
    }
}

/// A tenant's stored credentials or settings can't be used by this process; a person has to mend them.
struct TenantUnusable: Error, JobVerdictConvertible, CustomStringConvertible {
    /// One safe sentence.
    let why: String
    var description: String { self.why }
    /// Tried again in a minute, at no cost of an attempt: with the right master key it works.
    var verdict: Verdict { .postpone(for: .seconds(60), reason: self.why) }
}
