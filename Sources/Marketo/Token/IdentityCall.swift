import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Sync

/// One question to Marketo's identity service.
///
/// Needs no permit: it counts against nothing.
///
/// The credentials go in a form body: an address ends up in proxies' logs.
struct IdentityCall: Sendable {
    let credentials: MarketoCredentials
    let deadline: Duration

    func run(http: HTTPClient, clock: any MarketoClock, observe: @Sendable (CallReport) -> Void) async throws -> IdentityGrant {
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
        do {
            let bytes = try await exchange.run(request, operation: .identity, deadline: self.deadline, http: http, clock: clock)
            let grant = try Self.grant(bytes, httpStatus: exchange.httpStatus ?? 0)
            observe(exchange.report(.identity, error: nil, duration: clock.now() - started, wasSent: true))
            return grant
        } catch {
            observe(exchange.report(.identity, error: error as? MarketoError, duration: clock.now() - started, wasSent: exchange.wasStarted))
            throw error
        }
    }

    private static func grant(_ bytes: [UInt8], httpStatus: Int) throws(MarketoError) -> IdentityGrant {
        if 200..<300 ~= httpStatus, let grant = try? IdentityGrant.read(bytes) { return grant }
        let answer = try? JSONReader.document(bytes) { (reader) throws(JSONError) in try reader.readValue() }
        // `invalid_client` today, `unauthorized` in older recordings; the status alone says as much.
        if httpStatus == 401 || answer?["error"]?.plainText != nil, httpStatus < 500 {
            throw MarketoError(.credentialsInvalid, httpStatus: httpStatus, operation: .identity, effect: .refused)
        }
        if let errors = try? Envelope<JSONValue>.read(bytes, record: { (reader) throws(JSONError) in try reader.readValue() }).errors, !errors.isEmpty
        {
            throw MarketoError(errors: errors, operation: .identity, httpStatus: httpStatus)
        }
        throw MarketoError(httpStatus: httpStatus, operation: .identity)
    }
}
