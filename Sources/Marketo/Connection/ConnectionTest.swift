import FoundationEssentials
import Sync

/// Tries what the sync will need: the address, the credentials, each permission, the fields, the quota.
///
/// Four calls that count: the field list, a paging token, the usage, and a write of lead 0 which can't change anything (`updateOnly`, no such lead, no field).
/// Source: R33–R39, R55, R63; CONTRACT 3.
package struct ConnectionTest: Sendable {
    /// The calls that count against the quota, at most.
    package static let countedCalls = 4

    private let client: MarketoClient
    private let phaseField: String
    private let statusField: String?
    private let dailyLimit: Int

    /// - Parameters:
    ///   - phaseField, statusField, dailyLimit: The settings of those names.
    package init(client: MarketoClient, phaseField: String = "mazrica_phase", statusField: String? = nil, dailyLimit: Int = 50_000) {
        self.client = client
        self.phaseField = phaseField
        self.statusField = statusField
        self.dailyLimit = dailyLimit
    }

    /// Runs all checks; what the vendor refuses is a line of the report, and so is a call that is ``HeldBack``.
    ///
    /// - Throws: `CancellationError`, and what else the admission throws.
    package func run() async throws -> ConnectionReport {
        var draft = ConnectionDraft()
        do {
            try await self.client.authenticate()
        } catch let error as MarketoError {
            draft.identityFailed(error)
            return draft.report
        } catch let held as HeldBack {
            draft.take(held)
            return draft.report
        }
        draft.pass(.endpoint, "Marketo answers at this address")
        draft.pass(.credentials, "client id and client secret are accepted")
        if let schema = try await Self.attempt(.leadRead, &draft, { try await self.client.describe() }) {
            draft.take(schema, phaseField: self.phaseField, statusField: self.statusField)
        }
        if draft.mayGoOn {
            _ = try await Self.attempt(.activity, &draft) { try await self.client.pagingToken(since: Date(timeIntervalSinceNow: -3600)) }
        }
        if draft.mayGoOn {
            _ = try await Self.attempt(.leadWrite, &draft) {
                try await self.client.syncLeads([LeadInput(.id(LeadID(rawValue: 0)), values: [:])], action: .updateOnly)
            }
        }
        // The usage page is let through when a spent quota lets nothing else through, and tells the person what they want to know.
        if draft.mayGoOn {
            if let usage = try await Self.attempt(.quota, &draft, { try await self.client.usage() }) {
                draft.take(usage, dailyLimit: self.dailyLimit)
            }
        } else if draft.heldBack?.cause == .quota, let usage = try? await self.client.usage() {
            draft.take(usage, dailyLimit: self.dailyLimit)
        }
        return draft.report
    }

    private static func attempt<Value>(
        _ name: ConnectionCheck.Name, _ draft: inout ConnectionDraft, _ body: () async throws -> Value
    ) async throws -> Value? {
        do {
            let value = try await body()
            draft.pass(name, "allowed")
            return value
        } catch let error as MarketoError {
            draft.take(error, for: name)
            return nil
        } catch let held as HeldBack {
            draft.take(held)
            return nil
        }
    }
}
