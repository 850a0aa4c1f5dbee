import FoundationEssentials

/// Jobs of one kind and one tenant on their way into the queue: the bites they go in, and the numbers that come back.
struct EnqueueBatch {
    private static let mostJobs = 1_000

    /// To be enqueued in this order, each once.
    let bites: [EnqueueBite]
    private let keys: [String?]
    private var idOfKey: [String: JobID] = [:]
    private var idsOfKeyless: [JobID] = []

    /// None of them is encoded yet.
    init<J: Job>(_ jobs: [J], tenant: Int64, runAt: Date?, after: Duration?, priority: Int?) {
        let keys = jobs.map { $0.uniqueKey }
        let places = Self.places(keys)
        var bites: [EnqueueBite] = []
        for begin in stride(from: 0, to: places.count, by: Self.mostJobs) {
            let bite = places[begin..<min(begin + Self.mostJobs, places.count)]
            bites.append(
                EnqueueBite(
                    tenant: tenant, kind: J.kind, version: J.version, priority: min(max(priority ?? J.policy.priority, 0), 9),
                    maxAttempts: J.policy.maxAttempts, keys: bite.map { keys[$0] }, runAt: runAt, after: after, trace: JobTrace.current
                ) { chosen throws(JobQueueError) in
                    try JobPayloadCoding.encode(chosen.map { jobs[bite[begin + $0]] })
                })
        }
        self.bites = bites
        self.keys = keys
    }

    /// The jobs that wait now, as a statement said.
    mutating func waits(_ rows: [JobsInsert.Row]) {
        for row in rows {
            if let key = row.key { self.idOfKey[key] = row.id } else { self.idsOfKeyless.append(row.id) }
        }
    }

    /// The numbers, in the order the jobs were given.
    var ids: [JobID] {
        get throws(JobQueueError) {
            var ids: [JobID] = []
            ids.reserveCapacity(self.keys.count)
            var keyless = self.idsOfKeyless.makeIterator()
            for key in self.keys {
                guard let id = key.map({ self.idOfKey[$0] }) ?? keyless.next() else { throw .incompleteAnswer }
                ids.append(id)
            }
            return ids
        }
    }

    /// Which jobs go in which order: of those with the same key only the last.
    ///
    /// What fits into one statement the server puts in order itself; for more there is one order for the whole call, bite by bite: that of the statement,
    /// so that two calls can't lock each other out.
    private static func places(_ keys: [String?]) -> [Int] {
        var lastOfKey: [String: Int] = [:]
        var keyless: [Int] = []
        for (place, key) in keys.enumerated() {
            if let key { lastOfKey[key] = place } else { keyless.append(place) }
        }
        if lastOfKey.isEmpty || lastOfKey.count == keys.count && keys.count <= Self.mostJobs { return Array(keys.indices) }
        return lastOfKey.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.value) + keyless
    }
}
