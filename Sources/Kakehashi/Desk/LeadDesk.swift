import Marketo
import Postgres
import Runtime
import Store
import Sync

/// A command's own way to the leads of a tenant that is set up; each call is a real one, and booked as such.
struct LeadDesk: Sendable {
    let place: Workplace

    /// Lends what reads the leads, with the tenant and its settings; closed behind the closure.
    ///
    /// - Parameter lane: what the calls are for.
    /// - Throws: `TenantError.unknown`; a ``Complaint``: 75 when the quota is spent, 69 when Marketo can't be reached.
    func lend<Value: Sendable>(
        _ name: String, for lane: CallLane, _ body: (LeadSource, Tenant, TenantSettings) async throws -> Value
    ) async throws -> Value {
        let tenant = try await TenantRegistry(pool: self.place.pool).tenant(named: name)
        let endpoint: MarketoEndpoint
        let settings: TenantSettings
        do { endpoint = try MarketoEndpoint(tenant.endpoint, allowLocal: try self.place.environment.allowsLocalEndpoints()) } catch let error
            as EndpointError
        {
            throw Complaint(error)
        }
        do { settings = try tenant.settings() } catch { throw Complaint(error) }
        let secret = try tenant.clientSecret(by: try self.place.cipher())
        let credentials = MarketoCredentials(endpoint: endpoint, clientID: tenant.clientID, clientSecret: Marketo.Secret(secret.reveal()))
        let known = try await self.place.pool.first(TenantFields(tenant: tenant.id))
        var written: [DesiredValue.Field: String] = [:]
        written[.phase] = known?.phase
        written[.status] = known?.status
        let others = written.values.sorted()
        let fields = known.map { LeadFields(acquisitionDate: $0.acquisitionDate, others: others) } ?? LeadFields()
        do {
            return try await MarketoDesk(place: self.place).lendClient(credentials, of: tenant, for: lane) { client in
                try await body(LeadSource(client: client, fields: fields, written: written), tenant, settings)
            }
        } catch let error as MarketoError {
            throw Complaint(error)
        } catch let held as HeldBack {
            throw Complaint(held.sentence + ".", ending: held.ending)
        }
    }
}
