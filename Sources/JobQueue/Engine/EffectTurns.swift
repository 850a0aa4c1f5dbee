import Synchronization

/// Whose effects go next: those of one tenant and one turn wait for each other here, before their transaction begins.
///
/// A transaction that waits for another holds a connection, and keeps the server from clearing away what is dead.
final class EffectTurns: Sendable {
    /// One line of waiting units.
    struct Turn: Hashable, Sendable {
        let tenant: Int64
        let name: String
    }

    private let lines = Mutex<[Turn: [CheckedContinuation<Void, Never>]]>([:])

    /// Runs `body` when it is its turn; at once without one.
    func take<T: Sendable>(_ turn: Turn?, _ body: () async -> T) async -> T {
        guard let turn else { return await body() }
        await withCheckedContinuation { continuation in
            let isFirst = self.lines.withLock { lines in
                if lines[turn] != nil {
                    lines[turn]?.append(continuation)
                    return false
                }
                lines[turn] = []
                return true
            }
            if isFirst { continuation.resume() }
        }
        let value = await body()
        let next = self.lines.withLock { lines -> CheckedContinuation<Void, Never>? in
            guard let line = lines[turn], !line.isEmpty else {
                lines[turn] = nil
                return nil
            }
            return lines[turn]?.removeFirst()
        }
        next?.resume()
        return value
    }
}
