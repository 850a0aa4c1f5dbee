package import FoundationEssentials
package import Postgres

extension PostgresTransaction {
    /// Enqueues a job as part of this transaction; the number of the job that waits now, which is an older one when one with its key waited already.
    ///
    /// - Parameters:
    ///   - tenant: whose it is; 0 is nobody's.
    ///   - runAt: not before this moment.
    ///   - after: not before this long from now, by the database's clock; `runAt` outranks it.
    ///   - priority: instead of the kind's own.
    /// - Ends: `JobQueueError.payload` when it can't be encoded; `PostgresError` otherwise.
    @discardableResult
    package func enqueue<J: Job>(
        _ job: J, tenant: Int64, runAt: Date? = nil, after: Duration? = nil, priority: Int? = nil
    ) async throws -> JobID {
        let ids = try await self.enqueue([job], tenant: tenant, runAt: runAt, after: after, priority: priority)
        guard let id = ids.first else { throw JobQueueError.incompleteAnswer }
        return id
    }

    /// Enqueues jobs of one kind as part of this transaction; the numbers of the jobs that wait now, in the order given.
    ///
    /// Of jobs with the same key the last one's payload counts. As `enqueue` of one job otherwise.
    @discardableResult
    package func enqueue<J: Job>(
        _ jobs: [J], tenant: Int64, runAt: Date? = nil, after: Duration? = nil, priority: Int? = nil
    ) async throws -> [JobID] {
        var batch = EnqueueBatch(jobs, tenant: tenant, runAt: runAt, after: after, priority: priority)
        return try await self.enqueue(&batch)
    }

    /// Enqueues a batch as part of this transaction; the numbers of the jobs that wait now.
    fileprivate func enqueue(_ batch: inout EnqueueBatch) async throws -> [JobID] {
        let bites = batch.bites
        if bites.count == 1 {
            batch.waits(try await self.enqueue(bites[0]))
        } else if !bites.isEmpty {
            // All or none, should the caller go on after one that can't be encoded.
            let rows = try await self.savepoint { inner in
                var rows: [JobsInsert.Row] = []
                for bite in bites { rows += try await inner.enqueue(bite) }
                return rows
            }
            batch.waits(rows)
        }
        if !bites.isEmpty { self.afterCommit { JobHints.shared.jobsCommitted() } }
        return try batch.ids
    }

    /// Writes jobs in one stream where they are many and nobody waits under one of their keys; by the statement that moves forward who waits, otherwise.
    private func enqueue(_ bite: EnqueueBite) async throws -> [JobsInsert.Row] {
        guard bite.isStream else { return try await self.query(bite.statement) }
        let keys = bite.keys.compactMap(\.self)
        let ids = try await self.query(JobsNumber(count: bite.count, tenant: bite.tenant, kind: bite.kind, keys: keys))
        guard ids.count == bite.count else { return try await self.query(bite.statement) }
        let stream = JobsCopy(bite, ids: ids)
        guard !keys.isEmpty else {
            try await self.copy(stream)
            return stream.rows
        }
        do {
            try await self.savepoint { _ = try await $0.copy(stream) }
            return stream.rows
        } catch let error as PostgresError where error.constraint == JobsInsert.arbiter {
            // Another transaction has enqueued under one of the keys meanwhile, and committed: its job is the one to move forward.
            return try await self.query(bite.statement)
        }
    }

    /// Shuts a gate as part of this transaction: of this tenant, no job behind it is taken until then.
    ///
    /// A gate that is shut for longer stays so.
    ///
    /// - Parameter name: `tenant`, `kind:<kind>`, `kind:<kind>@<priority>`, or a kind's own gate.
    package func shutGate(_ name: String, tenant: Int64, until: Date, reason: String) async throws(PostgresError) {
        _ = try await self.query(GateShut(tenant: tenant, name: name, until: until, wait: nil, reason: reason))
    }

    /// Shuts a gate for a while, by the database's clock; `nil`: until somebody opens it.
    package func shutGate(_ name: String, tenant: Int64, for wait: Duration?, reason: String) async throws(PostgresError) {
        _ = try await self.query(GateShut(tenant: tenant, name: name, until: nil, wait: wait, reason: reason))
    }

    /// Opens a gate as part of this transaction; whether it was shut.
    @discardableResult
    package func openGate(_ name: String, tenant: Int64) async throws(PostgresError) -> Bool {
        let wasShut = try await self.first(GateOpen(tenant: tenant, name: name)) ?? false
        self.afterCommit { JobHints.shared.jobsCommitted() }
        return wasShut
    }
}

extension PostgresPool {
    /// Enqueues jobs of one kind in a transaction of their own; the numbers of the jobs that wait now, in the order given.
    ///
    /// For who has nothing else to commit with them: jobs that are few go and are committed in one round trip. As `PostgresTransaction.enqueue`
    /// otherwise.
    @discardableResult
    package func enqueue<J: Job>(
        _ jobs: [J], tenant: Int64, runAt: Date? = nil, after: Duration? = nil, priority: Int? = nil
    ) async throws -> [JobID] {
        var batch = EnqueueBatch(jobs, tenant: tenant, runAt: runAt, after: after, priority: priority)
        guard let only = batch.bites.first, batch.bites.count == 1, !only.isStream else {
            return try await self.transaction { transaction in
                var batch = batch
                return try await transaction.enqueue(&batch)
            }
        }
        batch.waits(try await self.query(only.statement))
        JobHints.shared.jobsCommitted()
        return try batch.ids
    }
}
