/// What must hold of the queue after every step, looked for in the database's rows alone: the model is not asked.
struct LifeRules: Sendable {
    private var enqueued: Set<Int64> = []
    private var before: [Int64: ModelJob] = [:]

    /// What is broken, in words; empty when all is well.
    mutating func broken(by rows: [ModelJob], after answer: ModelAnswer, to operation: ModelOperation) -> [String] {
        switch (operation, answer) {
        case (.enqueue, .ids(let ids)), (.enqueueFromSQL, .ids(let ids)): self.enqueued.formUnion(ids)
        default: break
        }
        var broken: [String] = []
        var seen: [Int64: ModelJob] = [:]
        for row in rows {
            if seen.updateValue(row, forKey: row.id) != nil { broken.append("job \(row.id) is in two places") }
        }
        for id in self.enqueued.subtracting(seen.keys) { broken.append("job \(id) is lost") }
        for id in Set(seen.keys).subtracting(self.enqueued) { broken.append("job \(id) was never enqueued") }
        for (place, row) in rows.enumerated() where row.isLive && row.key != nil {
            for other in rows[(place + 1)...] where other.isLive && row.sharesKey(with: other) {
                if row.place == .running, other.place == .running { broken.append("a key runs twice: \(row.id), \(other.id)") }
                if row.isWaiting, other.isWaiting { broken.append("a key waits twice: \(row.id), \(other.id)") }
            }
        }
        for (id, old) in self.before {
            guard let new = seen[id], new.lease != old.lease else { continue }
            if new.lease != old.lease + 1 || new.place != .running || !old.isWaiting {
                broken.append("the lease of job \(id) went from \(old.lease) to \(new.lease), \(old.place) to \(new.place)")
            }
        }
        for row in rows where (row.place == .running) != (row.leaseUntil != nil) { broken.append("job \(row.id) is \(row.place) with a wrong lease") }
        for row in rows where row.attempt > row.maxAttempts { broken.append("job \(row.id) had one attempt too many") }
        self.before = seen
        return broken
    }
}
