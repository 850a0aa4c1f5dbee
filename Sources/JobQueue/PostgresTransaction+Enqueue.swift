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
        var batch = try EnqueueBatch(jobs, tenant: tenant, runAt: runAt, after: after, priority: priority)
        for statement in batch.statements { batch.waits(try await self.query(statement)) }
        if !jobs.isEmpty { self.afterCommit { JobHints.shared.jobsCommitted() } }
        return try batch.ids
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
    /// For who has nothing else to commit with them: up to a thousand jobs go and are committed in one round trip. As `PostgresTransaction.enqueue`
    /// otherwise.
    @discardableResult
    package func enqueue<J: Job>(
        _ jobs: [J], tenant: Int64, runAt: Date? = nil, after: Duration? = nil, priority: Int? = nil
    ) async throws -> [JobID] {
        var batch = try EnqueueBatch(jobs, tenant: tenant, runAt: runAt, after: after, priority: priority)
        guard let only = batch.statements.first, batch.statements.count == 1 else {
            return try await self.transaction { try await $0.enqueue(jobs, tenant: tenant, runAt: runAt, after: after, priority: priority) }
        }
        batch.waits(try await self.query(only))
        JobHints.shared.jobsCommitted()
        return try batch.ids
    }
}
