import Synchronization

/// Within this process: who wants to know that jobs were enqueued and committed.
///
/// A hint, nothing more: whoever misses it finds the jobs by polling.
///
/// One for the process, because `tx.enqueue` is handed a transaction and nothing else.
final class JobHints: Sendable {
    /// The process's own.
    static let shared = JobHints()

    private let listeners = Mutex<[ObjectIdentifier: WakeSignal]>([:])

    /// Jobs were enqueued, and their transaction has committed.
    func jobsCommitted() {
        for signal in self.listeners.withLock({ Array($0.values) }) { signal.fire() }
    }

    /// From now on `signal` is fired.
    func add(_ signal: WakeSignal) { self.listeners.withLock { $0[ObjectIdentifier(signal)] = signal } }

    /// No longer.
    func remove(_ signal: WakeSignal) { _ = self.listeners.withLock { $0.removeValue(forKey: ObjectIdentifier(signal)) } }
}
