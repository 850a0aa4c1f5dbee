import Foundation
import JobQueue
import Jobs
import Marketo
import Postgres
import Runtime
import Store
import Sync

/// Setting tenants up and starting them: what `tenant add` and the demo share.
struct TenantDesk: Sendable {
    let place: Workplace

    /// What a person types to connect a Marketo subscription.
    struct Application: Sendable {
        let name: String
        /// As copied from Marketo's administration.
        let endpoint: String
        let clientID: String
        let clientSecret: Store.Secret
        /// Settings given along, by the names that people type.
        let settings: [String: String]
        /// Whether to test the connection and start the full load; else it is only stored.
        let starts: Bool
    }

    /// What became of it.
    struct Answer: Sendable {
        let addition: TenantAddition
        /// A full load was started by this very call.
        let startedLoad: Bool
        /// The connection test; nil when Marketo was not called.
        let report: ConnectionReport?
    }

    /// Tests the connection, stores the tenant and starts exactly one full load, in one transaction (R9).
    ///
    /// - Throws: a ``Complaint``. Nothing is stored then.
    func add(_ application: Application) async throws -> Answer {
        let allowsLocal = try self.place.environment.allowsLocalEndpoints()
        let cipher = try self.place.cipher()
        let endpoint: MarketoEndpoint
        var settings: TenantSettings
        do { endpoint = try MarketoEndpoint(application.endpoint, allowLocal: allowsLocal) } catch { throw Complaint(error) }
        let stored = try await self.place.pool.first(TenantByName(name: application.name))
        do {
            // What was set before still holds, for the test as well.
            settings = try stored?.settings() ?? TenantSettings()
            for (name, value) in application.settings.sorted(by: { $0.key < $1.key }) { try settings.set(name, value) }
        } catch {
            throw Complaint(error)
        }
        var report: ConnectionReport?
        var unbookedCalls = 0
        if application.starts {
            let credentials = MarketoCredentials(
                endpoint: endpoint, clientID: application.clientID, clientSecret: Marketo.Secret(application.clientSecret.reveal()))
            let tested = try await MarketoDesk(place: self.place).test(credentials, settings: settings)
            if let complaint = Self.complaint(tested.report) { throw complaint }
            report = tested.report
            unbookedCalls = tested.unbookedCalls
            // Should it be the stored credentials that were tested, as when Marketo's administrator has let them in again.
            if let stored, tested.report.provesCredentials, Self.isSame(stored, application, at: endpoint, cipher) {
                try await CallLedger(pool: self.place.pool).credentialsProven(of: stored)
            }
        }
        let new = NewTenant(
            name: application.name, endpoint: endpoint, clientID: application.clientID, clientSecret: application.clientSecret, settings: settings)
        let schema = report?.schema
        let chosen = settings
        let unbooked = unbookedCalls
        return try await self.place.pool.transaction { transaction in
            let addition = try await transaction.addTenant(new, sealedBy: cipher)
            // The load begins at once, within the same 20 s: for Marketo, the test's calls count in it.
            for _ in 0..<unbooked { try await transaction.execute(PriorCall(tenant: addition.id)) }
            if let schema {
                try await transaction.execute(NoteFields(tenant: addition.id, schema: schema, settings: chosen))
            }
            let started = application.starts ? try await Self.start(addition.id, in: transaction) : false
            return Answer(addition: addition, startedLoad: started, report: report)
        }
    }

    /// Starts the one full load of a tenant that was stored with `--no-start`; false when it had been started before.
    func start(_ name: String) async throws -> Bool {
        try await self.place.pool.transaction { transaction in
            guard let tenant = try await transaction.first(TenantByName(name: name)) else { throw TenantError.unknown(name: name) }
            return try await Self.start(tenant.id, in: transaction)
        }
    }

    /// True for exactly one caller ever.
    private static func start(_ tenant: TenantID, in transaction: PostgresTransaction) async throws -> Bool {
        guard try await transaction.startTenant(tenant) else { return false }
        guard let run = try await transaction.first(StartRun(tenant: tenant, kind: .full)) else { return false }
        _ = try await transaction.enqueue(StartFullLoad(run: run), tenant: tenant.rawValue)
        return true
    }

    private static func isSame(_ stored: Tenant, _ application: Application, at endpoint: MarketoEndpoint, _ cipher: CredentialCipher) -> Bool {
        stored.endpoint == endpoint.base && stored.clientID == application.clientID
            && (try? stored.clientSecret(by: cipher)) == application.clientSecret
    }

    /// Why a connection is not good enough to be stored; nil when it is.
    static func complaint(_ report: ConnectionReport) -> Complaint? {
        if let held = report.heldBack {
            return Complaint(
                "The connection can't be tested now, nothing was stored: \(held.sentence).", ending: held.cause == .upstream ? .unreachable : .failed)
        }
        guard !report.works || report.failure != nil else { return nil }
        let failed = report.checks.filter { !$0.isOK && ($0.isRequired || report.failure != nil) && $0.code != "not_checked" }
        let sentence = failed.first.map { "The connection does not work, nothing was stored: \($0.name.rawValue): \($0.text)." }
        guard let failure = report.failure else {
            return Complaint(sentence ?? "The connection does not work, nothing was stored.", ending: .failed)
        }
        // "It goes on by itself" would not be true of something that was not stored.
        let ending = Complaint.ending(of: failure.code)
        return Complaint(
            sentence ?? "The connection does not work, nothing was stored: \(failure.code.sentence).", ending: ending == .comesBack ? .failed : ending
        )
    }
}
