import Foundation
import Synchronization

/// Which requests were answered so soon last time that the next answer is waited for on the spot.
///
/// Handing a wait to the reactor and the Task back to its executor wakes two threads, which takes as long as a small statement does. What takes longer
/// than `limit` once is not waited for in this way again before it has been quick.
struct Promptness: Sendable {
    /// What was asked: a statement by its type, or text such as COMMIT.
    enum Key: Hashable, Sendable {
        case statement(ObjectIdentifier)
        case script(String)
        /// One of these as the last of several in one trip.
        indirect case behindOthers(Key)
    }

    /// Whether a thread of this process is being held.
    ///
    /// One at a time, and none where there is only one: those that run Tasks are as few as processors, and a database that is a millisecond away would
    /// have all of them wait while others could run.
    private static let isHolding = Atomic(ProcessInfo.processInfo.activeProcessorCount < 2)

    /// Takes the right to hold a thread, if nobody has it; whoever has it must `letGo`.
    static func mayHold() -> Bool { Self.isHolding.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged }

    /// Gives it back.
    static func letGo() { Self.isHolding.store(false, ordering: .relaxed) }

    /// So long a thread may be held: a switch of threads and back, a few times over.
    static let limit = Duration.nanoseconds(Self.nanoseconds)
    static let nanoseconds = 1_000_000
    /// Texts that are longer are no BEGIN or COMMIT.
    private static let longestScript = 200

    private var prompt: Set<Key> = []

    /// Whether the answer came at once last time.
    func isPrompt(_ key: Key) -> Bool { self.prompt.contains(key) }

    /// An answer came after so long.
    mutating func answered(_ key: Key, after time: Duration) {
        if time > Self.limit {
            self.prompt.remove(key)
        } else if case .script(let text) = key, text.utf8.count > Self.longestScript {
            return
        } else {
            self.prompt.insert(key)
        }
    }
}
