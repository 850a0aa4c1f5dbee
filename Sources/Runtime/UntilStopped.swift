import UnixSignals

/// For commands that start other programs and come to an end by themselves: Ctrl-C and SIGTERM end them as a failure does, so that what they started is
/// stopped first.
package enum UntilStopped {
    /// What `body` comes to.
    ///
    /// - Throws: its own error; a `Complaint` when it was told to stop before.
    package static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { throw Complaint("Stopped on request.") }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}
