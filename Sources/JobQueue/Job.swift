/// What is to be done: a small value that travels through the database to whichever process takes it.
///
/// - Shape: Codable as a JSON object. Instants are stored as seconds since 1970.
/// - Unique: while a job with the same kind, tenant and `uniqueKey` waits, a further one rides on it; one that runs does not count.
///   Two jobs with the same key never run at the same time.
/// - Versions: raise `version` when older programs could not read the payload. A process takes its own version and all before.
package protocol Job: Codable, Sendable {
    /// The name of this sort of work, for ever: `upsert-contact`.
    static var kind: String { get }
    /// The shape of the payload, counted from 1.
    static var version: Int { get }
    /// How urgent, how often, how long.
    static var policy: JobPolicy { get }
    /// What makes two jobs the same work; `nil`: each is its own.
    var uniqueKey: String? { get }
}

extension Job {
    /// The first shape.
    package static var version: Int { 1 }
    /// The usual policy.
    package static var policy: JobPolicy { JobPolicy() }
    /// Each job is its own work.
    package var uniqueKey: String? { nil }
}
