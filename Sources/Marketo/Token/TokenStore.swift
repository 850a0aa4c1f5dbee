import Synchronization

/// The access tokens of this process: however many calls need one at a time, identity is asked once.
///
/// Identity hands out the *same* token until it ends, with the life that is left, so asking early gains nothing. With a few seconds left there is
/// nothing to be had but waiting: the store waits for the end and asks once more, and never asks in a loop.
/// Source: API reference, section 1; sync-algorithms 3.5.
final class TokenStore: Sendable {
    /// A token with less left may end on its way.
    static let shortestUse: Duration = .seconds(5)
    /// Slack for the vendor's clock after a token's end.
    static let slack: Duration = .seconds(1)

    private struct Slot {
        var held: AccessToken?
        var isAsking = false
        var waiting: [UInt64: CheckedContinuation<AccessToken, any Error>] = [:]
    }

    private struct State {
        var slots: [MarketoCredentials: Slot] = [:]
        var lastWaiter: UInt64 = 0
        var lastGeneration: UInt64 = 0
    }

    private let state = Mutex(State())
    private let clock: any MarketoClock
    private let ask: Question

    /// One call to identity, admitted by whoever was the first to want the token.
    typealias Question = @Sendable (MarketoCredentials, any CallAdmission) async throws -> IdentityGrant

    /// - Parameter ask: One call to identity.
    init(clock: any MarketoClock, ask: @escaping Question) {
        self.clock = clock
        self.ask = ask
    }

    /// A token that will still be good when it arrives, if there is one; asks nobody and does not wait.
    func tokenAtHand(for credentials: MarketoCredentials) -> AccessToken? {
        let now = self.clock.now()
        return self.state.withLock { state in
            guard let held = state.slots[credentials]?.held, held.expires - now > Self.shortestUse else { return nil }
            return held
        }
    }

    /// How many wait for a token now; for tests.
    func waiters(for credentials: MarketoCredentials) -> Int { self.state.withLock { $0.slots[credentials]?.waiting.count ?? 0 } }

    /// How many credentials are remembered; for tests.
    var slotCount: Int { self.state.withLock { $0.slots.count } }

    /// A token that will still be good when it arrives.
    ///
    /// - Throws: what identity says, or the admission of the one who asked it.
    func token(for credentials: MarketoCredentials, by admission: any CallAdmission) async throws -> AccessToken {
        if let held = self.tokenAtHand(for: credentials) { return held }
        let waiter = self.state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.enter(waiter, continuation, credentials, admission, isCancelled: Task.isCancelled)
            }
        } onCancel: {
            let continuation = self.state.withLock { $0.slots[credentials]?.waiting.removeValue(forKey: waiter) }
            continuation?.resume(throwing: CancellationError())
        }
    }

    /// Takes back a token that Marketo turned away; a newer one stays.
    func reject(_ token: AccessToken, for credentials: MarketoCredentials) {
        self.state.withLock { state in
            guard let held = state.slots[credentials]?.held, held.generation == token.generation else { return }
            state.slots[credentials]?.held = nil
        }
    }

    private enum Entrance {
        case waits, asks
        case has(AccessToken)
        case cancelled
    }

    private func enter(
        _ waiter: UInt64, _ continuation: CheckedContinuation<AccessToken, any Error>, _ credentials: MarketoCredentials,
        _ admission: any CallAdmission, isCancelled: Bool
    ) {
        let now = self.clock.now()
        let entrance: Entrance = self.state.withLock { state in
            // A cancellation that came before the waiter was listed found nobody to wake.
            if isCancelled || Task.isCancelled { return .cancelled }
            var slot = state.slots[credentials] ?? Slot()
            defer { state.slots[credentials] = slot }
            if let held = slot.held, held.expires - now > Self.shortestUse { return .has(held) }
            slot.waiting[waiter] = continuation
            defer { slot.isAsking = true }
            return slot.isAsking ? .waits : .asks
        }
        switch entrance {
        case .waits: break
        case .has(let token): continuation.resume(returning: token)
        case .cancelled: continuation.resume(throwing: CancellationError())
        // Not a child of the caller: when this one gives up, the others still want their token.
        case .asks: Task { await self.renew(credentials, admission) }
        }
    }

    private func renew(_ credentials: MarketoCredentials, _ admission: any CallAdmission) async {
        let answer: Result<AccessToken, any Error>
        do {
            var token = try await self.freshToken(credentials, admission)
            if token.expires - self.clock.now() <= Self.shortestUse {
                try await self.clock.sleep(until: token.expires + Self.slack)
                token = try await self.freshToken(credentials, admission)
            }
            answer = .success(token)
        } catch {
            answer = .failure(error)
        }
        let now = self.clock.now()
        let waiting = self.state.withLock { state in
            // Rotated secrets and removed tenants leave tokens behind that nobody will ask for again.
            state.slots = state.slots.filter { $0.value.isAsking || ($0.value.held.map { $0.expires > now } ?? false) }
            let waiting = state.slots[credentials]?.waiting ?? [:]
            state.slots[credentials]?.waiting = [:]
            state.slots[credentials]?.isAsking = false
            if case .success(let token) = answer { state.slots[credentials]?.held = token }
            return waiting
        }
        for continuation in waiting.values { continuation.resume(with: answer) }
    }

    private func freshToken(_ credentials: MarketoCredentials, _ admission: any CallAdmission) async throws -> AccessToken {
        let asked = self.clock.now()
        let grant = try await self.ask(credentials, admission)
        let generation = self.state.withLock { state in
            state.lastGeneration += 1
            return state.lastGeneration
        }
        // A day at most: nothing longer was ever seen, and a wild number must not overflow.
        let life = min(max(grant.expiresIn, 0), 86_400)
        return AccessToken(secret: grant.token, expires: asked + .seconds(life), apiUser: grant.apiUser, generation: generation)
    }
}
