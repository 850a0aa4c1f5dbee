package import Fleet

extension ChildProcess {
    /// Waits until it has said `words`, or one of the `others`.
    package func says(_ words: String, or others: String..., within limit: Duration = .seconds(30)) async throws {
        let deadline = ContinuousClock.now + limit
        while !([words] + others).contains(where: { self.log.text.contains($0) }) {
            guard .now < deadline, self.isRunning else { throw NotReached(what: "\(self.name) says “\(words)”", state: self.log.text) }
            try await Task.sleep(for: .milliseconds(15))
        }
    }
}

extension [ChildProcess] {
    /// Whether all of them still run.
    package var allRun: Bool { self.allSatisfy { $0.isRunning } }
}
