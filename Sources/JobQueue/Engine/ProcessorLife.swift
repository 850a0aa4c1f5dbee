import Synchronization

/// What the loops of a processor know of each other.
final class ProcessorLife: Sendable {
    private struct State {
        var isLeaving = false
        var lastBeat: ContinuousClock.Instant?
        var firstTry: ContinuousClock.Instant?
        var inTouchSince: ContinuousClock.Instant?
        var hadTrouble = false
        var nextDue: ContinuousClock.Instant?
        var sawDue: ContinuousClock.Instant?
        var probeEnd: ContinuousClock.Instant?
        var openings: [ContinuousClock.Instant] = []
    }

    private let state = Mutex(State())
    /// Rings when scheduled jobs may be due earlier than thought.
    let dueSooner = WakeSignal()
    /// Rings when a heartbeat should not wait for its time.
    let beatNow = WakeSignal()

    /// Takes no more work.
    var isLeaving: Bool { self.state.withLock { $0.isLeaving } }

    /// When the last heartbeat that was answered was sent.
    var lastBeat: ContinuousClock.Instant? { self.state.withLock { $0.lastBeat } }

    /// Whether a look at the scheduled jobs is worth a round trip.
    enum Due {
        case now
        case later(ContinuousClock.Instant)
    }

    /// When the next scheduled job is due, if a claim has seen it lately.
    func nextDue(at now: ContinuousClock.Instant, knownFor fresh: Duration) -> Due {
        self.state.withLock { state in
            guard let saw = state.sawDue, now - saw < fresh else { return .now }
            guard let next = state.nextDue else { return .later(now + fresh) }
            return next <= now ? .now : .later(next)
        }
    }

    /// What is due was promoted; the next claim sees what comes next.
    func promoted() { self.state.withLock { $0.sawDue = nil } }

    /// A hint sent to ourselves should be heard until then; `nil`: it was, or there is nothing to hear.
    func probe(until end: ContinuousClock.Instant?) { self.state.withLock { $0.probeEnd = end } }

    /// Whether the hint was not heard in time; says so once.
    func missedProbe(at now: ContinuousClock.Instant) -> Bool {
        self.state.withLock { state in
            guard let end = state.probeEnd, end < now else { return false }
            state.probeEnd = nil
            return true
        }
    }

    func leave() { self.state.withLock { $0.isLeaving = true } }

    /// A heartbeat was sent; whether it is answered, `beat` says.
    func tries(at instant: ContinuousClock.Instant) { self.state.withLock { $0.firstTry = $0.firstTry ?? instant } }

    /// A heartbeat was answered.
    ///
    /// After a silence so long that others' leases may have suffered from it, being in touch begins anew.
    func beat(at instant: ContinuousClock.Instant, lease: Duration) {
        self.state.withLock { state in
            if let before = state.lastBeat ?? state.firstTry, instant - before > lease / 2 {
                state.hadTrouble = true
                state.inTouchSince = nil
            }
            state.lastBeat = instant
            state.inTouchSince = state.inTouchSince ?? instant
        }
    }

    /// Whether a lease that ran out says something about its holder.
    ///
    /// After an outage all leases have run out, and a server that recovers for long is up for long before anybody can reach it: so whoever has lived
    /// through an outage first gives the others the length of a lease to be heard of again.
    func mayRescue(at now: ContinuousClock.Instant, lease: Duration) -> Bool {
        self.state.withLock { state in
            guard let since = state.inTouchSince, let last = state.lastBeat, now - last < lease / 2 else { return false }
            return !state.hadTrouble || now - since >= lease
        }
    }

    /// A gate that this process has shut opens then: what waits behind it is looked for at that moment, not at the next poll.
    ///
    /// Of very many the last are forgotten; polling finds those.
    func opens(at instant: ContinuousClock.Instant) {
        self.state.withLock { state in
            guard state.openings.count < 256 else { return }
            let place = state.openings.firstIndex { $0 > instant } ?? state.openings.endIndex
            state.openings.insert(instant, at: place)
        }
    }

    /// The next opening after `now`, if it comes before `latest`; those before are over.
    func opening(after now: ContinuousClock.Instant, before latest: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        self.state.withLock { state in
            state.openings.removeAll { $0 <= now }
            return state.openings.first.flatMap { $0 < latest ? $0 : nil }
        }
    }

    /// A claim saw when the next scheduled job is due.
    func saw(nextDue: ContinuousClock.Instant?) {
        let isSooner = self.state.withLock { state in
            let isSooner = nextDue.map { next in state.nextDue.map { next < $0 } ?? true } ?? false
            state.nextDue = nextDue
            state.sawDue = .now
            return isSooner
        }
        if isSooner { self.dueSooner.fire() }
    }
}
