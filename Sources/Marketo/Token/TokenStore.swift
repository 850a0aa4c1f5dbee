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
        var generation: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<AccessToken, any Error>] = [:]
    }

    private struct State {
        var slots: [MarketoCredentials: Slot] = [:]
        var lastWaiter: UInt64 = 0
    }

    private let state = Mutex(State())
    private let clock: any MarketoClock
    private let ask: @Sendable (MarketoCredentials) async throws -> IdentityGrant

    /// - Parameter ask: One call to identity.
    init(clock: any MarketoClock, ask: @escaping @Sendable (MarketoCredentials) async throws -> IdentityGrant) {
        self.clock = clock
        self.ask = ask
    }

    /// A token that will still be good when it arrives.
    func token(for credentials: MarketoCredentials) async throws -> AccessToken {
        let now = self.clock.now()
        let (held, waiter): (AccessToken?, UInt64) = self.state.withLock { state in
            if let held = state.slots[credentials]?.held, held.expires - now > Self.shortestUse { return (held, 0) }
            state.lastWaiter += 1
            return (nil, state.lastWaiter)
        }
        if let held { return held }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.enter(waiter, continuation, credentials, isCancelled: Task.isCancelled)
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
        _ waiter: UInt64, _ continuation: CheckedContinuation<AccessToken, any Error>, _ credentials: MarketoCredentials, isCancelled: Bool
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
        case .asks: Task { await self.renew(credentials) }
        }
    }

    private func renew(_ credentials: MarketoCredentials) async {
        let answer: Result<AccessToken, any Error>
        do {
            var token = try await self.freshToken(credentials)
            if token.expires - self.clock.now() <= Self.shortestUse {
                try await self.clock.sleep(until: token.expires + Self.slack)
                token = try await self.freshToken(credentials)
            }
            answer = .success(token)
        } catch {
            answer = .failure(error)
        }
        let waiting = self.state.withLock { state in
            let waiting = state.slots[credentials]?.waiting ?? [:]
            state.slots[credentials]?.waiting = [:]
            state.slots[credentials]?.isAsking = false
            if case .success(let token) = answer { state.slots[credentials]?.held = token }
            return waiting
        }
        for continuation in waiting.values { continuation.resume(with: answer) }
    }

    private func freshToken(_ credentials: MarketoCredentials) async throws -> AccessToken {
        let asked = self.clock.now()
        let grant = try await self.ask(credentials)
        let generation = self.state.withLock { state in
            state.slots[credentials, default: Slot()].generation += 1
            return state.slots[credentials]?.generation ?? 0
        }
        // A day at most: nothing longer was ever seen, and a wild number must not overflow.
        let life = min(max(grant.expiresIn, 0), 86_400)
        return AccessToken(secret: grant.token, expires: asked + .seconds(life), apiUser: grant.apiUser, generation: generation)
    }
}
