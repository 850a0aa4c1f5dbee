/// Which requests were answered so soon last time that the next answer is waited for on the spot.
///
/// Handing a wait to the reactor and the Task back to its executor wakes two threads, which takes as long as a small statement does. What takes longer
/// than `limit` once is not waited for in this way again before it has been quick.
struct Promptness: Sendable {
    /// What was asked: a statement by its type, or text such as COMMIT.
    enum Key: Hashable, Sendable {
        case statement(ObjectIdentifier)
        case script(String)
    }

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
