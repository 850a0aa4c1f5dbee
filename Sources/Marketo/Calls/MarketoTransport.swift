import AsyncHTTPClient
import FoundationEssentials
package import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import Sync

/// The way to Marketo that all clients of a process share: connections, and the access tokens that were got over them.
///
/// Make one a process, give it to each ``MarketoClient``, and shut it down at the end. Redirects are not followed (a token must not travel), answers may be
/// gzip but no larger than any page can be, no proxy is used.
package final class MarketoTransport: Sendable {
    /// 300 activities with the most attributes that Marketo allows (65,536 bytes each) stay below this.
    package static let largestAnswer = 32 << 20

    let clock: any MarketoClock
    let timeouts: MarketoTimeouts
    private let http: HTTPClient
    /// What Marketo's clocks say.
    let vendorClocks: VendorClocks

    /// The tokens of this process, by credentials.
    let tokens: TokenStore

    /// - Parameters:
    ///   - concurrentCalls: The most calls that run at once to one subscription; so many connections are kept.
    ///   - connectTimeout: For DNS, TCP and TLS together.
    ///   - observeIdentity: Told of each call to identity, which does not count.
    package init(
        concurrentCalls: Int = 10, connectTimeout: Duration = .seconds(10), timeouts: MarketoTimeouts = MarketoTimeouts(),
        clock: any MarketoClock = SystemMarketoClock(), eventLoopGroup: (any EventLoopGroup)? = nil,
        observeIdentity: @escaping @Sendable (CallReport) -> Void = { _ in }
    ) {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(connectTimeout)),
            decompression: .enabled(limit: .size(Self.largestAnswer)))
        // Shorter than nginx keeps an idle connection (75 s), so that we do not write into one that is being closed.
        configuration.connectionPool = .init(idleTimeout: .seconds(30), concurrentHTTP1ConnectionsPerHostSoftLimit: max(1, concurrentCalls + 1))
        // A permit is booked for one attempt; when to try again is for the queue to say.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        let http = HTTPClient(eventLoopGroup: eventLoopGroup ?? HTTPClient.defaultEventLoopGroup, configuration: configuration)
        self.http = http
        self.clock = clock
        self.timeouts = timeouts
        let vendorClocks = VendorClocks()
        self.vendorClocks = vendorClocks
        self.tokens = TokenStore(clock: clock) { credentials, admission in
            let identity = IdentityCall(credentials: credentials, deadline: timeouts.deadline(of: .identity))
            let call = try await AdmittedCall.admitted(identity.description, by: admission)
            return try await identity.run(as: call, http: http, clock: clock) { report in
                vendorClocks.note(report.clockSkew, of: credentials.endpoint.subscriptionAccount)
                observeIdentity(report)
            }
        }
    }

    /// Nobody shut it down, as when its process was told to stop before it had begun: the client would end the process for that.
    deinit { try? self.http.syncShutdown() }

    /// Closes the connections; calls under way fail.
    package func shutdown() async throws { try await self.http.shutdown() }

    /// Sends one request and reads the whole answer.
    ///
    /// The call is used up. Its permit is finished in any case, the caller's cancellation included.
    func send<Record: Sendable>(
        _ shape: WireRequest.Shape, of operation: MarketoOperation, as call: consuming AdmittedCall, with token: AccessToken,
        to endpoint: MarketoEndpoint,
        observe: @Sendable (CallReport) -> Void,
        record: (inout JSONReader) throws(JSONError) -> Record
    ) async throws -> Result<Envelope<Record>, MarketoError> {
        let permit = call.use()
        let started = self.clock.now()
        var exchange = HTTPExchange()
        let end: Result<Result<Envelope<Record>, MarketoError>, any Error>
        do {
            var outgoing = HTTPClientRequest(url: endpoint.base + shape.target)
            outgoing.method = HTTPMethod(rawValue: shape.method)
            outgoing.headers.add(name: "Authorization", value: "Bearer " + token.secret.revealed())
            outgoing.headers.add(name: "Accept", value: "application/json")
            if let contentType = shape.contentType { outgoing.headers.add(name: "Content-Type", value: contentType) }
            if let body = shape.body { outgoing.body = .bytes(ByteBuffer(bytes: body)) }
            let bytes = try await exchange.run(
                outgoing, operation: operation, deadline: self.timeouts.deadline(of: operation), http: self.http, clock: self.clock)
            end = .success(Self.envelope(bytes, exchange, operation, record))
        } catch {
            end = .failure(error)
        }
        let failure: MarketoError? =
            switch end {
            case .success(let answer): answer.failure
            case .failure(let error): exchange.failure(error, operation)
            }
        let report = exchange.report(operation, error: failure, duration: self.clock.now() - started)
        self.vendorClocks.note(report.clockSkew, of: endpoint.subscriptionAccount)
        // Not a child of this task: if it was cancelled, the ledger must hear of the call all the same.
        await Task { await permit.finish(report) }.value
        observe(report)
        return try end.get()
    }

    private static func envelope<Record>(
        _ bytes: [UInt8], _ exchange: HTTPExchange, _ operation: MarketoOperation, _ record: (inout JSONReader) throws(JSONError) -> Record
    ) -> Result<Envelope<Record>, MarketoError> {
        let status = exchange.httpStatus ?? 0
        do throws(JSONError) {
            let envelope = try Envelope.read(bytes, record: record)
            if envelope.isSuccess {
                return 200..<300 ~= status ? .success(envelope) : .failure(MarketoError(httpStatus: status, operation: operation))
            }
            return .failure(MarketoError(errors: envelope.errors, operation: operation, httpStatus: status))
        } catch {
            // 2xx: cut, garbled or somebody else's. Otherwise a gateway's page, and the status is all there is.
            return .failure(MarketoError(httpStatus: status, operation: operation))
        }
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}
