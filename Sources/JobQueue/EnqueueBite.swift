import FoundationEssentials

/// Jobs of one kind and one tenant that go into the queue together: a thousand at most.
///
/// Their payloads become JSON as they are asked for, so that the server need not wait for the last of them.
struct EnqueueBite: Sendable {
    /// The numbers and the stream are three round trips more, with its savepoint five: about what a hundred jobs cost.
    private static let fewestOfAStream = 200

    let tenant: Int64
    let kind: String
    let version: Int
    let priority: Int
    let maxAttempts: Int
    let keys: [String?]
    let runAt: Date?
    let after: Duration?
    /// The step of a trace that they follow.
    let trace: String?
    /// The payloads of some of them, by their places.
    let payloads: @Sendable (_ places: ArraySlice<Int>) throws(JobQueueError) -> [String]

    /// How many they are.
    var count: Int { self.keys.count }
    /// Whether they are many enough to go in one stream, and due at once.
    var isStream: Bool { self.count >= Self.fewestOfAStream && self.runAt == nil && self.after == nil }

    /// The statement that enqueues them, whoever waits already.
    ///
    /// - Ends: `payload` when one can't be encoded.
    var statement: JobsInsert {
        get throws(JobQueueError) {
            JobsInsert(
                tenant: self.tenant, kind: self.kind, version: self.version, priority: self.priority, maxAttempts: self.maxAttempts,
                payloads: try self.payloads(Array(self.keys.indices)[...]), keys: self.keys, runAt: self.runAt, after: self.after, trace: self.trace)
        }
    }
}
