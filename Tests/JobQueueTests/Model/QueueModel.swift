/// The queue's life written down as plainly as can be, from docs/states.md: a pure value, no SQL, every job looked at each time.
struct QueueModel: Hashable, Sendable {
    /// A gate of a tenant.
    struct Gate: Hashable, Sendable {
        let tenant: Int64
        let name: String
    }

    /// Of both kinds.
    static let maxAttempts = 3
    /// How many jobs of `item` are done together; `note`s are done one by one, and stand behind the gate `vendor`.
    static let batch = 3
    /// Milliseconds.
    static let lease = 30_000
    private static let never = Int.max

    var jobs: [Int64: ModelJob] = [:]
    private(set) var gates: [Gate: Int] = [:]
    /// The number of the next job.
    private(set) var nextID: Int64 = 1

    /// All, the oldest first.
    var all: [ModelJob] { self.jobs.values.sorted { $0.id < $1.id } }

    /// Those that run.
    var running: [ModelJob] { self.all.filter { $0.place == .running } }

    /// The run that a running job is in.
    static func run(_ job: ModelJob) -> ModelRun { ModelRun(id: job.id, lease: job.lease) }

    /// The run if it is still the one that counts.
    func held(_ run: ModelRun) -> ModelJob? { self.jobs[run.id].flatMap { $0.place == .running && $0.lease == run.lease ? $0 : nil } }

    /// Runs that are over, the last few of each job, by whose numbers nothing may ever be changed again.
    var stale: [ModelRun] {
        self.all.flatMap { job in
            (max(0, job.lease - 2)...job.lease).map { ModelRun(id: job.id, lease: $0) }.filter { $0.lease > 0 && self.held($0) == nil }
        }
    }

    /// The waiting job with the same key, if there is another.
    func rival(of job: ModelJob) -> ModelJob? { self.jobs.values.first { $0.id != job.id && $0.isWaiting && $0.sharesKey(with: job) } }

    /// The payload of the next enqueue.
    var nextPayload: Int { Int(self.nextID) }

    /// Enqueues; the number of the job that waits now.
    mutating func enqueue(tenant: Int64, kind: String, key: String?, after: Int, priority: Int) -> Int64 {
        let new = ModelJob(
            id: self.nextID, tenant: tenant, kind: kind, key: key, place: after > 0 ? .scheduled : .ready, priority: priority,
            payload: self.nextPayload, maxAttempts: Self.maxAttempts, runAt: after)
        guard var waiting = self.rival(of: new) else {
            self.jobs[new.id] = new
            self.nextID += 1
            return new.id
        }
        waiting.payload = new.payload
        waiting.priority = min(waiting.priority, priority)
        // One that waits for its back-off keeps its time.
        if waiting.attempt == 0 {
            waiting.runAt = min(waiting.runAt, after)
            if waiting.place == .scheduled, after <= 0 { waiting.place = .ready }
        }
        self.jobs[waiting.id] = waiting
        return waiting.id
    }

    /// Whether a waiting job may be taken: no gate before it is shut, and its key does not run.
    func mayRun(_ job: ModelJob) -> Bool {
        let names = ["tenant", "kind:\(job.kind)"] + (job.kind == "note" ? ["vendor"] : [])
        if names.contains(where: { self.gates[Gate(tenant: job.tenant, name: $0)].map { $0 > 0 } ?? false }) { return false }
        return !self.jobs.values.contains { $0.place == .running && $0.sharesKey(with: job) }
    }

    /// Whether a claim may take just these: of each tenant and kind the most urgent and oldest, as many as there are or fit.
    func mayTake(_ ids: [Int64], room: Int) -> Bool {
        let open = self.all.filter { $0.place == .ready && self.mayRun($0) }
        guard Set(ids).count == ids.count, ids.isEmpty == open.isEmpty else { return false }
        let line = { (left: ModelJob, right: ModelJob) in (left.priority, left.runAt, left.id) < (right.priority, right.runAt, right.id) }
        var units = 0
        for group in Dictionary(grouping: open, by: { [String($0.tenant), $0.kind] }).values {
            let taken = ids.filter { id in group.contains { $0.id == id } }
            guard Set(group.sorted(by: line).prefix(taken.count).map(\.id)) == Set(taken) else { return false }
            let size = group[0].kind == "item" ? Self.batch : 1
            units += (taken.count + size - 1) / size
            // A batch is not parted while there is more of it.
            let head = group.count { $0.priority == group.map(\.priority).min() }
            if room == 1, !taken.isEmpty, taken.count != min(size, head) { return false }
            if room >= 100, taken.count != group.count { return false }
        }
        guard units <= room else { return false }
        return ids.allSatisfy { id in open.contains { $0.id == id } }
    }

    /// Which suspects a process takes that holds nothing else: the first in line; after a first crash, those that fell with it.
    var suspectsInLine: [Int64] {
        let open = self.all.filter { $0.place == .suspect && self.mayRun($0) }.sorted { ($0.runAt, $0.id) < ($1.runAt, $1.id) }
        guard let first = open.first else { return [] }
        guard first.crashes == 1, first.kind == "item" else { return [first.id] }
        return open.filter { $0.kind == first.kind && $0.tenant == first.tenant && $0.crashes == 1 }.prefix(Self.batch).map(\.id)
    }

    /// They run: the lease number rises here and nowhere else.
    mutating func take(_ ids: [Int64], worker: Int) {
        for id in ids {
            guard var job = self.jobs[id] else { continue }
            job.place = .running
            job.attempt += 1
            job.lease += 1
            job.worker = worker
            job.leaseUntil = Self.lease
            job.claimedAt = 0
            job.isAlone = false
            self.jobs[id] = job
        }
    }

    /// What is due becomes ready; how many.
    mutating func promote() -> Int {
        let due = self.all.filter { $0.place == .scheduled && $0.runAt <= 0 }
        for job in due { self.jobs[job.id]?.place = .ready }
        return due.count
    }

    mutating func shut(_ gate: Gate, until: Int?) { self.gates[gate] = max(self.gates[gate] ?? 0, until ?? Self.never) }

    mutating func open(_ gate: Gate) { self.gates[gate] = nil }

    mutating func age(_ milliseconds: Int) {
        for id in self.jobs.keys { self.jobs[id]?.age(milliseconds) }
        for (gate, until) in self.gates where until != Self.never { self.gates[gate] = until - milliseconds }
    }
}
