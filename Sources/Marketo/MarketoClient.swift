import FoundationEssentials
import Sync

/// Marketo, as the sync needs it: one client a subscription, every call admitted first.
///
/// Safe to use from many tasks at once and cheap to make. Each method is one call, a read of leads as many as its answer has pages; a token that has ended
/// is renewed and the identical request sent once more, under a permit of its own. Everything throws ``MarketoError``, `CancellationError`, or whatever the admission throws instead of a permit.
package struct MarketoClient: Sendable {
    /// Records that one call may carry (API reference, 3.1).
    package static let recordsPerCall = 300
    /// Lead ids that one activity call may name.
    package static let leadsPerActivityCall = 30
    /// Types that one activity call may name.
    package static let typesPerActivityCall = 10

    private let credentials: MarketoCredentials
    private let transport: MarketoTransport
    private let admission: any CallAdmission
    private let observe: @Sendable (CallReport) -> Void

    /// - Parameter observe: Told of each call that was admitted, when it has ended.
    package init(
        credentials: MarketoCredentials, transport: MarketoTransport, admission: any CallAdmission,
        observe: @escaping @Sendable (CallReport) -> Void = { _ in }
    ) {
        self.credentials = credentials
        self.transport = transport
        self.admission = admission
        self.observe = observe
    }

    /// Makes certain that the credentials are good.
    ///
    /// Costs no call; asks identity only if no token is at hand.
    package func authenticate() async throws { _ = try await self.transport.tokens.token(for: self.credentials, by: self.admission) }

    /// Marketo's time as its answers tell it; `nil` before the first.
    var vendorTime: Date? {
        self.transport.vendorClocks.time(of: self.credentials.endpoint.subscriptionAccount, at: self.transport.clock.date())
    }

    /// The one way to Marketo.
    func call<Record: Sendable>(
        _ request: WireRequest, record: (inout JSONReader) throws(JSONError) -> Record
    ) async throws -> Envelope<Record> {
        try await self.callWithToken(request, record: record).envelope
    }

    /// As ``call(_:record:)``, with the name of the API user that made it.
    func callWithToken<Record: Sendable>(
        _ request: WireRequest, record: (inout JSONReader) throws(JSONError) -> Record
    ) async throws -> (envelope: Envelope<Record>, apiUser: String?) {
        let shape = try request.shape()
        let description = CallDescription(
            operation: request.operation, subscription: self.credentials.endpoint.subscriptionAccount,
            deadline: self.transport.timeouts.deadline(of: request.operation))
        var hasRenewed = false
        var unsent = 0
        while true {
            // Before the permit: a wait for identity must not hold one of ten places, nor last longer than the permit does.
            _ = try await self.transport.tokens.token(for: self.credentials, by: self.admission)
            let call = try await AdmittedCall.admitted(description, by: self.admission)
            guard let token = self.transport.tokens.tokenAtHand(for: self.credentials) else {
                // Admission took longer than the token had left, or somebody's call has just shown that it is worth nothing.
                await call.giveBack(request.operation)
                unsent += 1
                guard unsent < Self.mostUnsent else { throw MarketoError(.unavailable, operation: .identity, effect: .notSent) }
                continue
            }
            let answer = try await self.transport.send(
                shape, of: request.operation, as: call, with: token, to: self.credentials.endpoint, observe: self.observe, record: record)
            switch answer {
            case .success(let envelope): return (envelope, token.apiUser)
            case .failure(let error):
                guard error.code == .tokenRefused else { throw error }
                self.transport.tokens.reject(token, for: self.credentials)
                if hasRenewed { throw error }
                hasRenewed = true
            }
        }
    }

    /// So often may a permit meet no token; each time one was there a moment before.
    private static let mostUnsent = 5

    /// Refuses here what Marketo would refuse there, before it costs a call.
    func require(_ condition: Bool, for operation: MarketoOperation) throws(MarketoError) {
        guard condition else { throw MarketoError(.refusedHere, operation: operation, effect: .notSent) }
    }
}
