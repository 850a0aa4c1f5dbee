import Marketo
import Postgres
import Runtime
import Store
import Sync

extension TenantDesk {
    /// Tests the connection of a stored tenant, and keeps what it told of the fields.
    func test(_ name: String) async throws -> ConnectionReport {
        let tenant = try await TenantRegistry(pool: self.place.pool).tenant(named: name)
        let allowsLocal = try self.place.environment.allowsLocalEndpoints()
        let cipher = try self.place.cipher()
        let endpoint: MarketoEndpoint
        let settings: TenantSettings
        do { endpoint = try MarketoEndpoint(tenant.endpoint, allowLocal: allowsLocal) } catch { throw Complaint(error) }
        do { settings = try tenant.settings() } catch { throw Complaint(error) }
        let secret = try tenant.clientSecret(by: cipher)
        let credentials = MarketoCredentials(endpoint: endpoint, clientID: tenant.clientID, clientSecret: Marketo.Secret(secret.reveal()))
        let report = try await MarketoDesk(place: self.place).test(credentials, settings: settings).report
        if report.provesCredentials { try await CallLedger(pool: self.place.pool).credentialsProven(of: tenant) }
        if let schema = report.schema {
            try await self.place.pool.execute(NoteFields(tenant: tenant.id, schema: schema, settings: settings))
        }
        return report
    }
}

extension ConnectionReport {
    /// How a command ends that was asked whether the connection is as it should be.
    var ending: Ending {
        if self.isOK { return .done }
        if let failure { return Complaint.ending(of: failure.code) }
        return self.heldBack?.ending ?? .failed
    }
}

extension HeldBack {
    /// How a command ends that could not make its call.
    var ending: Ending {
        switch self.cause {
        case .auth: .failed
        case .upstream: .unreachable
        case .quota, .day, .lane, .window, .concurrency: .comesBack
        }
    }
}
