import Foundation
import Sync
import Synchronization
import TestKit
import Testing

@testable import Marketo

/// What the tests of this room share: credentials, a client on a scripted server, an admission that counts.
enum Setup {
    static let secret = "s3cr3t-Value-9931"
    static let token = "5a1e7f00-0c0d-4e0f-9a9b-aabbccddeeff:ab"

    static func credentials(_ server: ScriptedServer, secret: String = Setup.secret) throws -> MarketoCredentials {
        MarketoCredentials(
            endpoint: try MarketoEndpoint(server.base, allowLocal: true), clientID: "client-1", clientSecret: Secret(secret))
    }

    static func grant(_ token: String = Setup.token, expiresIn: Int = 3599) -> ScriptedServer.Reply {
        .json(#"{"access_token":"\#(token)","token_type":"bearer","expires_in":\#(expiresIn),"scope":"api@example.com"}"#)
    }

    static func failure(_ code: String, _ message: String = "message") -> ScriptedServer.Reply {
        .json(#"{"requestId":"1#2","success":false,"errors":[{"code":"\#(code)","message":"\#(message)"}]}"#)
    }

    /// A client whose server gives tokens by itself; `script` answers the rest.
    static func client<Value>(
        timeouts: MarketoTimeouts = MarketoTimeouts(), admission: CountingAdmission = CountingAdmission(),
        _ script: @escaping @Sendable (ScriptedServer.Request) -> ScriptedServer.Reply,
        _ body: (MarketoClient, ScriptedServer) async throws -> Value
    ) async throws -> Value {
        try await ScriptedServer.with({ $0.path == "/identity/oauth/token" ? Self.grant() : script($0) }) { server in
            try await Self.transport(timeouts: timeouts) { transport in
                let client = MarketoClient(credentials: try Self.credentials(server), transport: transport, admission: admission)
                return try await body(client, server)
            }
        }
    }

    static func transport<Value>(
        timeouts: MarketoTimeouts = MarketoTimeouts(), connectTimeout: Duration = .seconds(10), _ body: (MarketoTransport) async throws -> Value
    ) async throws -> Value {
        let transport = MarketoTransport(concurrentCalls: 50, connectTimeout: connectTimeout, timeouts: timeouts)
        do {
            let value = try await body(transport)
            try await transport.shutdown()
            return value
        } catch {
            try? await transport.shutdown()
            throw error
        }
    }
}

/// Lets every call start and keeps what was asked and told.
final class CountingAdmission: CallAdmission {
    struct Log: Sendable {
        var admitted: [CallDescription] = []
        var reports: [CallReport] = []
        var identity: [CallReport] = []
        var reportedWhileCancelled = false
    }

    let log = Mutex(Log())

    func admit(_ call: CallDescription) async throws -> any CallPermit {
        // Identity is admitted as well, but counts against nothing: it is told apart.
        if call.operation == .identity { return IdentityPermit(admission: self) }
        self.log.withLock { $0.admitted.append(call) }
        return Permit(admission: self)
    }

    var admitted: [CallDescription] { self.log.withLock { $0.admitted } }
    var reports: [CallReport] { self.log.withLock { $0.reports } }
    var identityReports: [CallReport] { self.log.withLock { $0.identity } }

    private struct IdentityPermit: CallPermit {
        let admission: CountingAdmission

        func finish(_ report: CallReport) async { self.admission.log.withLock { $0.identity.append(report) } }
    }

    private struct Permit: CallPermit {
        let admission: CountingAdmission

        func finish(_ report: CallReport) async {
            let isCancelled = Task.isCancelled
            self.admission.log.withLock { log in
                log.reports.append(report)
                if isCancelled { log.reportedWhileCancelled = true }
            }
        }
    }
}

/// Lets nothing leave, with a reason of its own.
struct ShutAdmission: CallAdmission {
    struct Shut: Error, Equatable {}

    /// Identity is let through.
    var letsIdentityPass = false

    func admit(_ call: CallDescription) async throws -> any CallPermit {
        guard self.letsIdentityPass, call.operation == .identity else { throw Shut() }
        return try await CallAllowance(calls: 0).admit(call)
    }
}

/// Errors as values: what a throwing body threw.
func thrown<Value>(_ body: () async throws -> Value) async -> (any Error)? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

/// A generator whose numbers a seed fixes, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { self.state = seed }
    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
