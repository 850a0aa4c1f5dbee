import Foundation
import Marketo
import Postgres
import Runtime
import Store
import Sync

/// A command's own way to Marketo: the connection test, before a tenant is stored and after, and the reading of a tenant's leads.
struct MarketoDesk: Sendable {
    let place: Workplace

    /// Lends a transport; closed behind the closure.
    private func lend<Value: Sendable>(_ body: (MarketoTransport) async throws -> Value) async throws -> Value {
        let transport = MarketoTransport(concurrentCalls: 2)
        do {
            let value = try await body(transport)
            try? await transport.shutdown()
            return value
        } catch {
            try? await transport.shutdown()
            throw error
        }
    }

    /// Lends a client whose calls are booked for a tenant that is set up.
    func lendClient<Value: Sendable>(
        _ credentials: MarketoCredentials, of tenant: Tenant, for lane: CallLane, _ body: (MarketoClient) async throws -> Value
    ) async throws -> Value {
        let ledger = CallLedger(pool: self.place.pool)
        let admission = BookedCalls(ledger: ledger, subscription: tenant.subscription, tenant: tenant.id, lane: lane)
        return try await self.lend { try await body(MarketoClient(credentials: credentials, transport: $0, admission: admission)) }
    }

    /// What a connection test found, and how many of its calls no ledger knows of.
    struct Tested {
        let report: ConnectionReport
        let unbookedCalls: Int
    }

    /// Tests a connection with at most four calls that count; booked in the ledger as soon as the subscription has one.
    func test(_ credentials: MarketoCredentials, settings: TenantSettings) async throws -> Tested {
        let admission = try await self.admission(account: credentials.endpoint.subscriptionAccount)
        let report = try await self.lend { transport in
            let client = MarketoClient(credentials: credentials, transport: transport, admission: admission)
            return try await ConnectionTest(
                client: client, phaseField: settings.phaseField, statusField: settings.statusField, dailyLimit: settings.dailyLimit
            ).run()
        }
        return Tested(report: report, unbookedCalls: (admission as? CallAllowance)?.spent ?? 0)
    }

    /// A subscription that some tenant ever used has a ledger; another one is not known to anybody yet, so the test's own allowance is all there is.
    private func admission(account: String) async throws -> any Marketo.CallAdmission {
        let ledger = CallLedger(pool: self.place.pool)
        guard let subscription = try await ledger.subscription(of: account) else { return CallAllowance(calls: ConnectionTest.countedCalls) }
        return BookedCalls(ledger: ledger, subscription: subscription)
    }
}
