import Foundation
import NIOHTTP1
import Sync
import Synchronization
import TestKit
import Testing

@testable import Marketo

@Suite(.timeLimit(.minutes(10))) struct ClientErrorTests {
    private static let ids = [LeadID(rawValue: 1)]

    @Test func `matrix 3.5, 602 in mid-page: of 50 callers who meet it one asks identity once more, and every call succeeds`() async throws {
        let identity = Counter()
        let script: @Sendable (ScriptedServer.Request) -> ScriptedServer.Reply = { request in
            if request.path == "/identity/oauth/token" { return Setup.grant("token-\(identity.next())") }
            return request.headers.first(name: "Authorization") == "Bearer token-1"
                ? Setup.failure("602", "Access token expired") : .json(#"{"requestId":"1#1","result":[{"id":1}],"success":true}"#)
        }
        try await ScriptedServer.with(script) { server in
            try await Setup.transport { transport in
                let admission = CountingAdmission()
                let client = MarketoClient(credentials: try Setup.credentials(server), transport: transport, admission: admission)
                let pages = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<50 { group.addTask { try await client.leads(ids: Self.ids).leads.count } }
                    return try await group.reduce(0, +)
                }
                #expect(pages == 50)
                #expect(identity.value == 2)
                // Each repetition had a permit of its own, and the starred answer does not count.
                #expect(admission.admitted.count == server.count("/rest/v1/leads.json"))
                #expect(admission.reports.count == admission.admitted.count)
                #expect(admission.reports.count { $0.countsAgainstQuota } == 50)
                #expect(admission.reports.count { $0.vendorCode == "602" && !$0.countsAgainstQuota } == admission.reports.count - 50)
            }
        }
    }

    @Test func `the token goes in the header only, the credentials in the body only`() async throws {
        try await Setup.client({ _ in .json(#"{"success":true,"result":[]}"#) }) { client, server in
            _ = try await client.leads(ids: Self.ids)
            let seen = server.seen
            #expect(seen.count == 2)
            #expect(seen[0].method == "POST" && seen[0].uri == "/identity/oauth/token")
            #expect(seen[0].bodyText == "grant_type=client_credentials&client_id=client-1&client_secret=\(Setup.secret)")
            #expect(seen[1].headers.first(name: "Authorization") == "Bearer \(Setup.token)")
            #expect(!seen[1].uri.contains(Setup.token) && !seen[1].uri.contains("access_token"))
        }
    }

    @Test(arguments: ["600", "601", "602"]) func `matrix 3.5, a second 601: it is a fault of the credentials`(code: String) async throws {
        try await Setup.client({ _ in Setup.failure(code) }) { client, server in
            let error = await thrown { try await client.leads(ids: Self.ids) } as? MarketoError
            #expect(error?.code == .tokenRefused && error?.isAuth == true && error?.vendorCode?.number == code)
            #expect(server.count("/rest/v1/leads.json") == 2)
            #expect(server.count("/identity/oauth/token") == 2)
        }
    }

    @Test func `after 602 and 601 of one token the identical request succeeds`() async throws {
        let calls = Counter()
        try await Setup.client({ _ in calls.next() == 1 ? Setup.failure("601") : .json(#"{"success":true,"result":[{"id":7}]}"#) }) {
            client, server in
            let page = try await client.leads(ids: Self.ids)
            #expect(page.leads.first?.id == LeadID(rawValue: 7))
            let asked = server.seen.filter { $0.path == "/rest/v1/leads.json" }
            #expect(asked.count == 2 && asked[0].uri == asked[1].uri)
        }
    }

    @Test(arguments: [
        #"{"error":"invalid_client","error_description":"Bad client credentials"}"#, #"{"error":"unauthorized"}"#, "<html>401</html>",
    ])
    func `wrong credentials are told as such, without a call`(body: String) async throws {
        try await ScriptedServer.with({ _ in .json(body, status: 401) }) { server in
            try await Setup.transport { transport in
                let admission = CountingAdmission()
                let client = MarketoClient(credentials: try Setup.credentials(server), transport: transport, admission: admission)
                let error = await thrown { try await client.describe() } as? MarketoError
                #expect(error?.code == .credentialsInvalid)
                #expect(admission.admitted.isEmpty)
                #expect(server.seen.count == 1)
            }
        }
    }

    @Test(arguments: [
        (401, "", MarketoError.Code.credentialsInvalid), (400, "invalid_client", .credentialsInvalid), (400, "unauthorized", .credentialsInvalid),
        (400, "unauthorized_client", .credentialsInvalid), (400, "invalid_grant", .credentialsInvalid), (400, "invalid_request", .rejected),
        (429, "invalid_client", .windowFull), (404, "not_found", .notFound), (403, "forbidden", .accessDenied), (503, "unauthorized", .gatewayFault),
        (200, "unauthorized", .malformedAnswer),
    ])
    func `only what says so is a word on the credentials`(status: Int, error: String, code: MarketoError.Code) async throws {
        let admission = CountingAdmission()
        try await ScriptedServer.with({ _ in .json(#"{"error":"\#(error)"}"#, status: status) }) { server in
            try await Setup.transport { transport in
                let client = MarketoClient(credentials: try Setup.credentials(server), transport: transport, admission: admission)
                let thrown = await thrown { try await client.describe() } as? MarketoError
                #expect(thrown?.code == code && thrown?.operation == .identity)
            }
        }
        #expect(admission.identityReports.map(\.failure) == [code])
        #expect(admission.identityReports.first?.countsAgainstQuota == false)
    }

    @Test func `a permit whose token ended before it came is given back, and a new token fetched without it`() async throws {
        let admission = SlowAdmission()
        try await ScriptedServer.with({ $0.path == "/identity/oauth/token" ? Setup.grant(expiresIn: 3600) : .json(#"{"success":true,"result":[]}"#) })
        {
            server in
            try await Setup.transport { transport in
                let credentials = try Setup.credentials(server)
                let client = MarketoClient(credentials: credentials, transport: transport, admission: admission)
                admission.whileAdmitting.withLock { work in
                    work = {
                        // Somebody else's call has met 601 meanwhile.
                        if let token = transport.tokens.tokenAtHand(for: credentials) { transport.tokens.reject(token, for: credentials) }
                    }
                }
                _ = try await client.leads(ids: Self.ids)
                #expect(server.count("/identity/oauth/token") == 2 && server.count("/rest/v1/leads.json") == 1)
            }
        }
        #expect(
            admission.log.withLock { $0 } == [
                "admit identity", "end nil", "admit leads-by-id", "end refused-here", "admit identity", "end nil", "admit leads-by-id", "end nil",
            ])
    }

    @Test(arguments: [
        ("handshakeFailed(NIOSSL.BoringSSLError.sslError([Error: 268435581]))", MarketoError.Code.tlsFailed, MarketoError.Effect.notSent),
        ("unableToValidateCertificate", .tlsFailed, .notSent),
        ("NIOSSLExtraError.failedToValidateHostname: Couldn't find <none> in certificate from peer", .tlsFailed, .notSent),
        ("sslError([Error: 268436496 SSLV3_ALERT_INTERNAL_ERROR])", .connectionLost, .unknown), ("uncleanShutdown", .connectionLost, .unknown),
    ])
    func `a write that meets a TLS fault was not sent only if that was the handshake's`(
        text: String, code: MarketoError.Code, effect: MarketoError.Effect
    ) {
        let meaning = MarketoError.meaning(ofTLS: text)
        #expect(meaning.0 == code && meaning.1 == effect)
    }

    @Test func `matrix 3.5, HTTP 200 with success:false: each known code arrives with its number, and its permit is finished`() async throws {
        let code = Mutex("")
        let admission = CountingAdmission()
        try await Setup.client(admission: admission, { _ in Setup.failure(code.withLock { $0 }) }) { client, _ in
            for known in KnownVendorCode.allCases {
                code.withLock { $0 = known.rawValue }
                let error = await thrown { try await client.describe() } as? MarketoError
                #expect(error?.vendorCode == .known(known))
                #expect(admission.reports.last?.vendorCode == known.rawValue)
                #expect(admission.reports.last?.countsAgainstQuota == known.countsAgainstQuota || known == .tokenEmpty)
            }
        }
        #expect(admission.reports.count == admission.admitted.count)
    }

    @Test(arguments: [
        (500, MarketoError.Code.gatewayFault), (502, .gatewayFault), (503, .gatewayFault), (504, .gatewayFault), (413, .requestTooLarge),
        (414, .addressTooLong), (404, .notFound), (429, .windowFull), (403, .accessDenied), (400, .rejected),
    ])
    func `a page of HTML is judged by its status`(status: Int, code: MarketoError.Code) async throws {
        try await Setup.client({ _ in .bytes(Array("<html><body>x</body></html>".utf8), status: status) }) { client, _ in
            let error = await thrown { try await client.leads(ids: Self.ids) } as? MarketoError
            #expect(error?.code == code && error?.httpStatus == status)
        }
    }

    @Test func `a redirect is not followed`() async throws {
        try await Setup.client({ request in
            request.path == "/elsewhere"
                ? .json(#"{"success":true}"#) : .bytes([], status: 302, headers: [("Location", "/elsewhere")])
        }) { client, server in
            #expect((await thrown { try await client.describe() } as? MarketoError)?.code == .redirected)
            #expect(server.count("/elsewhere") == 0)
        }
    }

    @Test(arguments: [
        #"{"requestId":"1#1","result":[{"id":1},{"id""#, "", "not json", "[]", "null", #"{"requestId":"1#1","result":[]}"#,
        #"{"success":true,"result":{}}"#, #"{"requestId":"1#1","success":true}"#, #"{"success":true,"result":null}"#,
    ])
    func `matrix 3.5, HTTP 200: what is not Marketo's JSON was not fetched and may be tried again`(body: String) async throws {
        try await Setup.client({ _ in .json(body) }) { client, _ in
            let error = await thrown { try await client.leads(ids: Self.ids) } as? MarketoError
            #expect(error?.code == .malformedAnswer && error?.isTransient == true)
        }
    }

    @Test func `matrix 3.5, cut body: it and a connection that is dropped are a lost connection`() async throws {
        let calls = Counter()
        try await Setup.client({ _ in calls.next() == 1 ? .cut(#"{"success":true,"res"#) : .hangUp }) { client, _ in
            for _ in 0..<2 {
                let error = await thrown { try await client.leads(ids: Self.ids) } as? MarketoError
                #expect(error?.code == .connectionLost && error?.isTransient == true && error?.isOutcomeUnknown == false)
            }
        }
    }

    @Test func `promise 2: a write whose answer is lost has an unknown outcome, one that never left has not`() async throws {
        let record = LeadInput(.id(LeadID(rawValue: 1)), values: ["mazrica_phase": .null])
        try await Setup.client({ _ in .hangUp }) { client, _ in
            let error = await thrown { try await client.syncLeads([record]) } as? MarketoError
            #expect(error?.isOutcomeUnknown == true)
        }
        let admission = CountingAdmission()
        try await Setup.transport { transport in
            let grant = Array(#"{"access_token":"t","expires_in":3600}"#.utf8)
            let client = try await ScriptedServer.with({ _ in .bytes(grant, headers: [("Connection", "close")]) }) { server in
                let client = MarketoClient(credentials: try Setup.credentials(server), transport: transport, admission: admission)
                try await client.authenticate()
                return client
            }
            let error = await thrown { try await client.syncLeads([record]) } as? MarketoError
            #expect(error?.code == .connectionRefused)
            #expect(error?.effect == .notSent && error?.isOutcomeUnknown == false)
        }
        #expect(admission.reports.count == 1)
    }

    @Test func `nobody listening is a refused connection`() async throws {
        try await Setup.transport { transport in
            let credentials = MarketoCredentials(
                endpoint: try MarketoEndpoint("http://127.0.0.1:1", allowLocal: true), clientID: "c", clientSecret: Secret("x"))
            let client = MarketoClient(credentials: credentials, transport: transport, admission: CountingAdmission())
            let error = await thrown { try await client.describe() } as? MarketoError
            #expect(error?.code == .connectionRefused)
            #expect(error?.isTransient == true && error?.operation == .identity)
        }
    }

    @Test(arguments: [true, false]) func `an answer that never comes, or never ends, is given up at the deadline`(hasHead: Bool) async throws {
        var timeouts = MarketoTimeouts()
        timeouts.longest = .milliseconds(500)
        try await Setup.client(timeouts: timeouts, { _ in hasHead ? .headOnly : .silence }) { client, _ in
            // Identity answers at once, but not always within a given time on a busy machine.
            while await thrown({ try await client.authenticate() }) != nil {}
            let error = await thrown { try await client.describe() } as? MarketoError
            #expect(error?.code == .timedOut && error?.isTransient == true && error?.operation == .describe)
        }
    }

    @Test func `a cancelled task ends its call, and the permit is finished all the same`() async throws {
        let arrived = Counter()
        let admission = CountingAdmission()
        try await Setup.client(
            admission: admission,
            { _ in
                arrived.next()
                return .silence
            }
        ) { client, _ in
            let task = Task { try await client.describe() }
            while arrived.value == 0 { await Task.yield() }
            task.cancel()
            #expect(await thrown { try await task.value } is CancellationError)
        }
        #expect(admission.reports.count == 1)
        // It shows nothing of Marketo's health, and may be at work there still.
        #expect(admission.reports.first?.failure == .abandoned)
        #expect(admission.reports.first?.countsAgainstQuota == true)
        #expect(!admission.log.withLock { $0.reportedWhileCancelled })
    }

    @Test func `promise 6: without a permit nothing is sent`() async throws {
        try await ScriptedServer.with({ _ in Setup.grant() }) { server in
            try await Setup.transport { transport in
                let client = MarketoClient(credentials: try Setup.credentials(server), transport: transport, admission: CallAllowance(calls: 0))
                #expect(await thrown { try await client.describe() } is CallAllowance.Spent)
                #expect(server.seen.allSatisfy { $0.path == "/identity/oauth/token" })
            }
        }
    }

    @Test func `promise 12: a vendor's sentence that quotes token and secret is in no printed error`() async throws {
        try await Setup.client({ _ in Setup.failure("611", "\(Setup.token) \(Setup.secret) a@b.jp") }) { client, server in
            let error = try #require(await thrown { try await client.leads(emails: ["a@b.jp"]) })
            var text = "\(error) \(String(reflecting: error))"
            dump(error, to: &text)
            for secret in [Setup.token, Setup.secret, "a@b.jp", server.base] { #expect(!text.contains(secret)) }
        }
    }
}

/// Does something while it admits its first call, and writes down what it was asked and told.
private final class SlowAdmission: CallAdmission {
    let log = Mutex<[String]>([])
    let whileAdmitting = Mutex<(@Sendable () -> Void)?>(nil)

    func admit(_ call: CallDescription) async throws -> any CallPermit {
        self.log.withLock { $0.append("admit \(call.operation.rawValue)") }
        if call.operation != .identity {
            let work = self.whileAdmitting.withLock { work in
                defer { work = nil }
                return work
            }
            work?()
        }
        return Permit(admission: self)
    }

    private struct Permit: CallPermit {
        let admission: SlowAdmission

        func finish(_ report: CallReport) async { self.admission.log.withLock { $0.append("end \(report.failure?.rawValue ?? "nil")") } }
    }
}
