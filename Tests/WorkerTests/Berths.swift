/// How many tests with workers of their own run at once: each takes a dozen connections of one PostgreSQL.
actor Berths {
    static let few = Berths(free: 3)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(free: Int) { self.free = free }

    /// Runs `body` when there is room.
    nonisolated func lend(_ body: () async throws -> Void) async throws {
        await self.take()
        do {
            try await body()
        } catch {
            await self.giveBack()
            throw error
        }
        await self.giveBack()
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
