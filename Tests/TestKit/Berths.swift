/// How many tests with workers of their own run at once: each takes a dozen connections of one PostgreSQL.
package actor Berths {
    /// For tests that start whole workers.
    package static let few = Berths(free: 3)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Room for `free` at once.
    package init(free: Int) { self.free = free }

    /// Runs `body` when there is room.
    package nonisolated func lend<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        await self.take()
        do {
            let value = try await body()
            await self.giveBack()
            return value
        } catch {
            await self.giveBack()
            throw error
        }
    }

    private func take() async {
        if self.free > 0 {
            self.free -= 1
        } else {
            await withCheckedContinuation { self.waiting.append($0) }
        }
    }

    private func giveBack() {
        if self.waiting.isEmpty { self.free += 1 } else { self.waiting.removeFirst().resume() }
    }
}
