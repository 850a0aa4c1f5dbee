@testable import JobQueue

/// Something that workers, operators, applications or time do to the queue.
enum ModelOperation: Sendable {
    /// How a run is to end; `wait` in milliseconds, for `retry` and `postpone`.
    struct End: Sendable, CustomStringConvertible {
        let run: ModelRun
        let fate: JobEnd.Fate
        var wait: Int?
        var description: String { "\(self.fate.rawValue) \(self.run)" + (self.wait.map { " +\($0) ms" } ?? "") }
    }

    case enqueue(tenant: Int64, kind: String, key: String?, after: Int, priority: Int)
    case enqueueFromSQL(tenant: Int64, kind: String, key: String?, after: Int)
    case claim(worker: Int, room: Int)
    case claimSuspects(worker: Int)
    case startAlone(ModelRun)
    case heartbeat(worker: Int)
    case end([End])
    case rescue
    /// A worker that was cut off, and lives, says so.
    case absolve([ModelRun])
    /// A worker that lost the answer to a claim hands back what it knows nothing of.
    case handBackForgotten(worker: Int)
    case promote
    case order(JobOrder.Order, Int64)
    /// `nil`: until it is opened.
    case shut(tenant: Int64, gate: String, until: Int?)
    case open(tenant: Int64, gate: String)
    case timePasses(Int)
}

/// What the database answered, or should have.
enum ModelAnswer: Equatable, Sendable {
    case nothing
    case ids([Int64])
    case runs(Set<ModelRun>)
    case became([Int64: String])
    case count(Int)
    /// With this SQLSTATE, and nothing has changed.
    case refused(String)
}
