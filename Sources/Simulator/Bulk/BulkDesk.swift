/// The exports of the instance: ten in the queue, two of them running, moving on by the simulated clock.
struct BulkDesk: Sendable {
    /// Source: reference 6.
    static let mostQueued = 10, mostRunning = 2

    private(set) var jobs: [BulkJob] = []
    /// Bytes of the files finished, by the vendor's day.
    private var bytes: [Int64: Int] = [:]

    /// Takes a new export.
    mutating func add(_ job: BulkJob) { self.jobs.append(job) }

    /// The number the next export gets.
    var nextNumber: Int64 { Int64(self.jobs.count) + 1 }

    /// Where the export stands, if that user made one of that kind and id.
    func index(of id: String, _ kind: BulkJob.Kind, user: String) -> Int? {
        self.jobs.firstIndex { $0.id == id && $0.kind == kind && $0.user == user }
    }

    subscript(index: Int) -> BulkJob {
        get { self.jobs[index] }
        set { self.jobs[index] = newValue }
    }

    /// How many wait or run.
    var waiting: Int { self.jobs.count { $0.status == .queued || $0.status == .processing } }

    /// Bytes finished on a day.
    func bytes(day: Int64) -> Int { self.bytes[day] ?? 0 }
    mutating func count(bytes: Int, day: Int64) { self.bytes[day, default: 0] += bytes }

    /// What happens next in the queue, if it happens by then: the place of an export, and when.
    ///
    /// The owner does it, and asks again.
    func next(by now: Int64, secondsQueued: Int64, secondsRunning: Int64) -> (index: Int, at: Int64)? {
        let running = self.jobs.indices.filter { self.jobs[$0].status == .processing }
        var events = running.map { (index: $0, at: (self.jobs[$0].startedAt ?? now) + secondsRunning) }
        if running.count < Self.mostRunning,
            let first = self.jobs.indices.filter({ self.jobs[$0].status == .queued && !self.jobs[$0].isStuck })
                .min(by: { self.jobs[$0].queuedAt ?? 0 < self.jobs[$1].queuedAt ?? 0 })
        {
            // A place may have become free only after its time had come.
            let free = self.jobs.compactMap(\.finishedAt).max() ?? 0
            events.append((index: first, at: max((self.jobs[first].queuedAt ?? now) + secondsQueued, min(free, now))))
        }
        return events.filter { $0.at <= now }.min { $0.at < $1.at }
    }
}
