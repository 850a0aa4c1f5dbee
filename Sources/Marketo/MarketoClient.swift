import Sync

/// Marketo, as the sync needs it: one client a subscription, every call admitted first.
///
/// Safe to use from many tasks at once and cheap to make. Each method is one call; a token that has ended is renewed and the identical request sent once
/// more, under a permit of its own. Everything throws ``MarketoError``, `CancellationError`, or whatever the admission throws instead of a permit.
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
    package func authenticate() async throws { _ = try await self.transport.tokens.token(for: self.credentials) }

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
        while true {
            // Before the permit: a wait for identity must not hold one of ten places.
            _ = try await self.transport.tokens.token(for: self.credentials)
            let call = try await AdmittedCall.admitted(description, by: self.admission)
            let end = try await self.transport.send(
                shape, of: request.operation, as: call, credentials: self.credentials, observe: self.observe, record: record)
            switch end.answer {
            case .success(let envelope): return (envelope, end.token.apiUser)
            case .failure(let error):
                guard error.code == .tokenRefused else { throw error }
                self.transport.tokens.reject(end.token, for: self.credentials)
                if hasRenewed { throw error }
                hasRenewed = true
            }
        }
    }

    /// Refuses here what Marketo would refuse there, before it costs a call.
    func require(_ condition: Bool, for operation: MarketoOperation) throws(MarketoError) {
        guard condition else { throw MarketoError(.refusedHere, operation: operation, effect: .notSent) }
    }
}
