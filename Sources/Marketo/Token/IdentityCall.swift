import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Sync

/// One question to Marketo's identity service.
///
/// Counts against no limit, but is admitted like every call: a vendor in trouble is not to be asked by each process for itself.
///
/// The credentials go in a form body: an address ends up in proxies' logs.
struct IdentityCall: Sendable {
    let credentials: MarketoCredentials
    let deadline: Duration

    /// For the one who decides whether it may start.
    var description: CallDescription {
        CallDescription(operation: .identity, subscription: self.credentials.endpoint.subscriptionAccount, deadline: self.deadline)
    }

    /// Asks; the call is used up, and its permit is finished in any case.
    func run(
        as call: consuming AdmittedCall, http: HTTPClient, clock: any MarketoClock, observe: @Sendable (CallReport) -> Void
    ) async throws -> IdentityGrant {
        let permit = call.use()
        var request = HTTPClientRequest(url: self.credentials.endpoint.base + MarketoOperation.identity.pathTemplate)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "Accept", value: "application/json")
        let form = FormEncoding.encoded([
            ("grant_type", "client_credentials"), ("client_id", self.credentials.clientID),
            ("client_secret", self.credentials.clientSecret.revealed()),
        ])
        request.body = .bytes(ByteBuffer(string: form))
        let started = clock.now()
        var exchange = HTTPExchange()
        let end: Result<IdentityGrant, any Error>
        do {
            let bytes = try await exchange.run(request, operation: .identity, deadline: self.deadline, http: http, clock: clock)
            end = .success(try Self.grant(bytes, httpStatus: exchange.httpStatus ?? 0))
        } catch {
            end = .failure(error)
        }
        let failure: MarketoError? = if case .failure(let error) = end { exchange.failure(error, .identity) } else { nil }
        let report = exchange.report(.identity, error: failure, duration: clock.now() - started)
        // Not a child of this task: if it was cancelled, the ledger must hear of the call all the same.
        await Task { await permit.finish(report) }.value
        observe(report)
        return try end.get()
    }

    /// `invalid_client` today, `unauthorized` in older recordings, the others in OAuth's own list (RFC 6749, 5.2).
    private static let refusals: Set = ["invalid_client", "unauthorized", "unauthorized_client", "invalid_grant"]

    private static func grant(_ bytes: [UInt8], httpStatus: Int) throws(MarketoError) -> IdentityGrant {
        if 200..<300 ~= httpStatus, let grant = try? IdentityGrant.read(bytes) { return grant }
        let answer = try? JSONReader.document(bytes) { (reader) throws(JSONError) in try reader.readValue() }
        // 401 is the documented one; 400 with such a word is OAuth's own. Any other status is no word on the credentials, whatever its text says.
        if httpStatus == 401 || httpStatus == 400 && Self.refusals.contains(answer?["error"]?.plainText ?? "") {
            throw MarketoError(.credentialsInvalid, httpStatus: httpStatus, operation: .identity, effect: .refused)
        }
        if let errors = try? Envelope<JSONValue>.read(bytes, record: { (reader) throws(JSONError) in try reader.readValue() }).errors, !errors.isEmpty
        {
            throw MarketoError(errors: errors, operation: .identity, httpStatus: httpStatus)
        }
        throw MarketoError(httpStatus: httpStatus, operation: .identity)
    }
}
