import Foundation
import Sync
import Synchronization
import Testing

@testable import Marketo

@Suite(.timeLimit(.minutes(10))) struct TokenStoreTests {
    /// Time that passes only when somebody sleeps.
    private final class GivenClock: MarketoClock {
        private let time = Mutex(ContinuousClock.now)
        let sleeps = Mutex<[Duration]>([])
        func now() -> ContinuousClock.Instant { self.time.withLock { $0 } }
        func date() -> Date { Date(timeIntervalSince1970: 0) }
        func advance(_ by: Duration) { self.time.withLock { $0 = $0.advanced(by: by) } }
        func sleep(until instant: ContinuousClock.Instant) async throws {
            try Task.checkCancellation()
            let slept: Duration = self.time.withLock { now in
                let length = instant - now
                now = max(now, instant)
                return length
            }
            self.sleeps.withLock { $0.append(slept) }
        }
    }

    private let clock = GivenClock()

    private func credentials(_ secret: String = "x") throws -> MarketoCredentials {
        MarketoCredentials(
            endpoint: try MarketoEndpoint("http://127.0.0.1:1", allowLocal: true), clientID: "c", clientSecret: Secret(secret))
    }

    @Test func `a token is kept until 5 s before its end`() async throws {
        let calls = Counter()
        let store = TokenStore(clock: self.clock) { _, _ in IdentityGrant(token: Secret("t\(calls.next())"), expiresIn: 3600, apiUser: nil) }
        let credentials = try self.credentials()
        #expect(try await store.token(for: credentials, by: CountingAdmission()).secret == Secret("t1"))
        self.clock.advance(.seconds(3594))
        #expect(try await store.token(for: credentials, by: CountingAdmission()).secret == Secret("t1"))
        self.clock.advance(.seconds(2))
        #expect(try await store.token(for: credentials, by: CountingAdmission()).secret == Secret("t2"))
        #expect(calls.value == 2)
    }

    @Test func `matrix 3.5, a token with seconds left: it is waited out and identity asked once more`() async throws {
        let calls = Counter()
        let store = TokenStore(clock: self.clock) { _, _ in
            calls.next() == 1
                ? IdentityGrant(token: Secret("old"), expiresIn: 3, apiUser: nil) : IdentityGrant(token: Secret("new"), expiresIn: 3600, apiUser: nil)
        }
        #expect(try await store.token(for: try self.credentials(), by: CountingAdmission()).secret == Secret("new"))
        #expect(calls.value == 2)
        #expect(self.clock.sleeps.withLock { $0 } == [.seconds(4)])
    }

    @Test func `a token with 20 s left is used, not waited out`() async throws {
        let store = TokenStore(clock: self.clock) { _, _ in IdentityGrant(token: Secret("old"), expiresIn: 20, apiUser: nil) }
        #expect(try await store.token(for: try self.credentials(), by: CountingAdmission()).secret == Secret("old"))
        #expect(self.clock.sleeps.withLock { $0.isEmpty })
    }

    @Test(arguments: [0, 1, -5])
    func `matrix 3.5, a token with seconds left: an identity that only hands out dying ones is asked twice, not for ever`(life: Int64) async throws {
        let calls = Counter()
        let store = TokenStore(clock: self.clock) { _, _ in
            calls.next()
            return IdentityGrant(token: Secret("dying"), expiresIn: life, apiUser: nil)
        }
        _ = try await store.token(for: try self.credentials(), by: CountingAdmission())
        #expect(calls.value == 2)
    }

    @Test func `100 callers at once ask identity once, and all hear of its failure`() async throws {
        let calls = Counter()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let store = TokenStore(clock: self.clock) { _, _ in
            calls.next()
            for await _ in gate {}
            throw MarketoError(.credentialsInvalid, effect: .refused)
        }
        let credentials = try self.credentials()
        let failures = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    (await thrown { try await store.token(for: credentials, by: CountingAdmission()) } as? MarketoError)?.code == .credentialsInvalid
                }
            }
            while store.waiters(for: credentials) < 100 { await Task.yield() }
            opener.finish()
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 100)
        #expect(calls.value == 1)
    }

    @Test func `a caller that is cancelled stops waiting, the others get their token`() async throws {
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let calls = Counter()
        let store = TokenStore(clock: self.clock) { _, _ in
            calls.next()
            for await _ in gate {}
            return IdentityGrant(token: Secret("t"), expiresIn: 3600, apiUser: nil)
        }
        let credentials = try self.credentials()
        let first = Task { try await store.token(for: credentials, by: CountingAdmission()) }
        while calls.value == 0 { await Task.yield() }
        let second = Task { try await store.token(for: credentials, by: CountingAdmission()) }
        first.cancel()
        #expect(await thrown { try await first.value } is CancellationError)
        opener.finish()
        #expect(try await second.value.secret == Secret("t"))
        #expect(calls.value == 1)
    }

    @Test func `a late rejection of the old token leaves the new one, even if its text is the same`() async throws {
        let calls = Counter()
        let store = TokenStore(clock: self.clock) { _, _ in
            calls.next()
            return IdentityGrant(token: Secret("same"), expiresIn: 3600, apiUser: nil)
        }
        let credentials = try self.credentials()
        let old = try await store.token(for: credentials, by: CountingAdmission())
        store.reject(old, for: credentials)
        _ = try await store.token(for: credentials, by: CountingAdmission())
        store.reject(old, for: credentials)
        _ = try await store.token(for: credentials, by: CountingAdmission())
        #expect(calls.value == 2)
    }

    @Test func `another secret of the same client is asked for by itself`() async throws {
        let calls = Counter()
        let store = TokenStore(clock: self.clock) { _, _ in IdentityGrant(token: Secret("t\(calls.next())"), expiresIn: 3600, apiUser: nil) }
        _ = try await store.token(for: try self.credentials("one"), by: CountingAdmission())
        _ = try await store.token(for: try self.credentials("two"), by: CountingAdmission())
        #expect(calls.value == 2)
    }

    @Test func `credentials that nobody uses any more are forgotten once their token has ended`() async throws {
        let store = TokenStore(clock: self.clock) { _, _ in IdentityGrant(token: Secret("t"), expiresIn: 60, apiUser: nil) }
        for number in 0..<10 { _ = try await store.token(for: try self.credentials("rotated \(number)"), by: CountingAdmission()) }
        #expect(store.slotCount == 10)
        self.clock.advance(.seconds(61))
        _ = try await store.token(for: try self.credentials("now"), by: CountingAdmission())
        #expect(store.slotCount == 1)
    }

    @Test func `identity is asked by the admission of the one who wants the token, and its refusal reaches all who wait`() async throws {
        let store = TokenStore(clock: self.clock) { credentials, admission in
            _ = try await admission.admit(CallDescription(operation: .identity, subscription: "s", deadline: .seconds(1)))
            return IdentityGrant(token: credentials.clientSecret, expiresIn: 60, apiUser: nil)
        }
        #expect(await thrown { try await store.token(for: try self.credentials(), by: ShutAdmission()) } is ShutAdmission.Shut)
        #expect(try await store.token(for: try self.credentials(), by: ShutAdmission(letsIdentityPass: true)).secret == Secret("x"))
        #expect(try await store.token(for: try self.credentials(), by: ShutAdmission()).secret == Secret("x"))
    }

    @Test func `a secret is shown by nothing`() throws {
        var text = "\(try self.credentials("hidden")) \(String(reflecting: try self.credentials("hidden")))"
        dump(try self.credentials("hidden"), to: &text)
        #expect(!text.contains("hidden"))
    }
}

/// Counts up from several tasks.
final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { self.count.withLock { $0 } }
    @discardableResult func next() -> Int {
        self.count.withLock {
            $0 += 1
            return $0
        }
    }
}
