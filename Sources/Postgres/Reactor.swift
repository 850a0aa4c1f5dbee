import CLibPQ
import Glibc
import Synchronization

/// Tells waiting Tasks that their socket is ready or their time is up: one thread for the whole process, asleep in `epoll_wait`.
///
/// Each wait is armed for one wake (`EPOLLONESHOT`) under a token of its own; whoever takes the token out of the table resumes the
/// waiter, so that each is resumed exactly once, and an event that comes too late finds nobody and does nothing.
final class Reactor: Sendable {
    /// What a wait is for.
    enum Interest: Sendable { case readable, readableOrWritable }
    /// How a wait ended.
    enum Wake: Sendable { case ready, deadline, cancelled }
    /// Names one wait.
    struct Token: Hashable, Sendable { let number: UInt64 }

    /// The one of this process.
    ///
    /// There is no recovering from a machine that has no epoll, so it is made once and lives for ever.
    static let shared = Reactor()

    private struct Waiter {
        let deadline: ContinuousClock.Instant
        let resume: @Sendable (Wake) -> Void
    }

    private struct State {
        var waiters: [UInt64: Waiter] = [:]
        var lastToken: UInt64 = 0
        /// No waiter has an earlier deadline; the thread sleeps no longer than this.
        var earliest: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let epoll: Int32
    private let bell: Int32

    private init() {
        self.epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        self.bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.u64 = 0
        epoll_ctl(self.epoll, EPOLL_CTL_ADD, self.bell, &event)
        BlockingThread.start { [self] in self.run() }
    }

    /// Waits until `socket` is ready or `deadline` has come; with `cancellable`, also no longer than the Task lives.
    func wait(
        for interest: Interest, on socket: Int32, until deadline: ContinuousClock.Instant, cancellable: Bool
    ) async -> Wake {
        let token = self.makeToken()
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Wake, Never>) in
                self.insert(token, deadline: deadline) { continuation.resume(returning: $0) }
                if !self.arm(socket, for: interest, token: token) { self.wake(token, .ready) }  // the next read will say what is wrong
                // A cancellation before the insertion found nobody to wake.
                if cancellable, Task.isCancelled { self.wake(token, .cancelled) }
            }
        } onCancel: {
            if cancellable { self.wake(token, .cancelled) }
        }
    }

    /// Calls `action` once at `deadline`, on the reactor's thread, unless `forget` comes first.
    func call(at deadline: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) -> Token {
        let token = self.makeToken()
        self.insert(token, deadline: deadline) { wake in if wake == .deadline { action() } }
        return token
    }

    /// Takes back a `call(at:)`.
    func forget(_ token: Token) { self.state.withLock { _ = $0.waiters.removeValue(forKey: token.number) } }

    private func makeToken() -> Token {
        self.state.withLock {
            $0.lastToken += 1
            return Token(number: $0.lastToken)
        }
    }

    private func insert(_ token: Token, deadline: ContinuousClock.Instant, _ resume: @escaping @Sendable (Wake) -> Void) {
        let isEarliest = self.state.withLock { state in
            state.waiters[token.number] = Waiter(deadline: deadline, resume: resume)
            if let earliest = state.earliest, earliest <= deadline { return false }
            state.earliest = deadline
            return true
        }
        if isEarliest { eventfd_write(self.bell, 1) }
    }

    private func arm(_ socket: Int32, for interest: Interest, token: Token) -> Bool {
        var event = epoll_event()
        event.events = EPOLLONESHOT.rawValue | EPOLLIN.rawValue | EPOLLRDHUP.rawValue
        if interest == .readableOrWritable { event.events |= EPOLLOUT.rawValue }
        event.data.u64 = token.number
        if epoll_ctl(self.epoll, EPOLL_CTL_MOD, socket, &event) == 0 { return true }
        return errno == ENOENT && epoll_ctl(self.epoll, EPOLL_CTL_ADD, socket, &event) == 0
    }

    private func wake(_ token: Token, _ wake: Wake) {
        self.state.withLock { $0.waiters.removeValue(forKey: token.number) }?.resume(wake)
    }

    private func run() {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            let now = ContinuousClock.now
            let timeout = self.state.withLock { $0.earliest.map { Self.milliseconds(from: now, to: $0) } ?? -1 }
            let count = epoll_wait(self.epoll, &events, Int32(events.count), timeout)
            for event in events.prefix(Int(max(count, 0))) {
                if event.data.u64 == 0 {
                    var rings: eventfd_t = 0
                    eventfd_read(self.bell, &rings)
                } else {
                    self.wake(Token(number: event.data.u64), .ready)
                }
            }
            for resume in self.overdue(at: .now) { resume(.deadline) }
        }
    }

    /// Takes out those whose time is up; looks through all waiters only when the earliest deadline has come.
    private func overdue(at now: ContinuousClock.Instant) -> [@Sendable (Wake) -> Void] {
        self.state.withLock { state in
            guard let earliest = state.earliest, earliest <= now else { return [] }
            var due: [@Sendable (Wake) -> Void] = []
            state.earliest = nil
            for (token, waiter) in state.waiters {
                if waiter.deadline <= now {
                    due.append(waiter.resume)
                    state.waiters.removeValue(forKey: token)
                } else {
                    state.earliest = state.earliest.map { min($0, waiter.deadline) } ?? waiter.deadline
                }
            }
            return due
        }
    }

    /// Rounded up, so that a deadline has passed when its wake comes; at most a minute.
    private static func milliseconds(from now: ContinuousClock.Instant, to deadline: ContinuousClock.Instant) -> Int32 {
        let (seconds, attoseconds) = now.duration(to: deadline).components
        if seconds < 0 || attoseconds < 0 { return 0 }
        return seconds >= 60 ? 60_000 : Int32(seconds) * 1_000 + Int32(attoseconds / 1_000_000_000_000_000) + 1
    }
}
