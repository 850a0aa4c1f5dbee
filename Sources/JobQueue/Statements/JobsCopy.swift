import Postgres

/// Many jobs of one kind and one tenant, due at once, whose keys nobody waits under.
///
/// Carried by the indexes they go into. A row is checked, kept unique and refused as by `JobsInsert`, without the look for its key and the mark that it may be
/// taken back, which cost the server a third. What COPY can't do is to move forward a job that waits already.
struct JobsCopy: PostgresCopy {
    static let sql = "COPY jobs.job (tenant_id, kind, version, priority, max_attempts, trace, id, unique_key, payload) FROM STDIN"

    /// So many are encoded while the server reads those before them.
    private static let biteSize = 100

    private let bite: EnqueueBite
    /// Places among the jobs in the order of their keys, as `JobsInsert` writes them: two batches can't lock each other out.
    private let order: [Int]
    private let ids: [JobID]
    private let same: CopyText
    private var done = 0

    /// - Parameter ids: a number for each.
    init(_ bite: EnqueueBite, ids: [JobID]) {
        self.bite = bite
        self.ids = ids
        self.order = bite.keys.contains { $0 != nil } ? Self.inOrder(bite.keys) : Array(bite.keys.indices)
        var same = CopyText(capacity: 100)
        for column in ["\(bite.tenant)", bite.kind, "\(bite.version)", "\(bite.priority)", "\(bite.maxAttempts)", bite.trace] { same.column(column) }
        self.same = same
    }

    /// Who waits, once they are written.
    var rows: [JobsInsert.Row] { zip(self.order, self.ids).map { JobsInsert.Row(id: $1, key: self.bite.keys[$0]) } }

    mutating func next() throws -> CopyText? {
        guard self.done < self.order.count else { return nil }
        let places = self.order[self.done..<min(self.done + Self.biteSize, self.order.count)]
        let payloads = try self.bite.payloads(places)
        var text = CopyText(capacity: payloads.reduce(into: 0) { $0 += $1.utf8.count + 150 })
        for (place, payload) in zip(places, payloads) {
            text.columns(self.same)
            text.column("\(self.ids[self.done].rawValue)")
            text.column(self.bite.keys[place])
            text.column(payload)
            text.endRow()
            self.done += 1
        }
        return text
    }

    /// By their keys' bytes; those without a key last, in the order given.
    private static func inOrder(_ keys: [String?]) -> [Int] {
        keys.indices.sorted { first, second in
            switch (keys[first], keys[second]) {
            case (let one?, let other?): one.utf8.lexicographicallyPrecedes(other.utf8)
            case (_?, nil): true
            case (nil, _?): false
            case (nil, nil): first < second
            }
        }
    }
}
