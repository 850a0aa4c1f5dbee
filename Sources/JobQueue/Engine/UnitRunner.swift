import Foundation
import Logging
import Postgres
import Tracing

/// Runs units from their handlers to their acknowledged ends.
///
/// There is one way out: every job of a unit goes through `end`.
final class UnitRunner: Sendable {
    let pool: PostgresPool
    let table: UnitTable
    let completer: JobCompleter
    let closer: UnitCloser
    let worker: WorkerIdentity
    let metrics: JobMetrics
    let logger: Logger
    /// Told when the gates open that are shut here.
    let life: ProcessorLife
    let turns = EffectTurns()
    /// Whether anybody wants to hear of traces.
    let isTraced = JobTrace.isTold

    init(
        pool: PostgresPool, table: UnitTable, completer: JobCompleter, closer: UnitCloser, worker: WorkerIdentity, metrics: JobMetrics,
        logger: Logger,
        life: ProcessorLife
    ) {
        self.pool = pool
        self.table = table
        self.completer = completer
        self.closer = closer
        self.worker = worker
        self.metrics = metrics
        self.logger = logger
        self.life = life
    }

    /// Starts handlers, each in a Task of its own, so that it can be cancelled by itself; leaving awaits them.
    ///
    /// As many starters as there are processors run each handler until it first waits: one that does not wait never changes threads.
    func start(_ units: [JobUnit], now: Date) {
        let line = UnitLine(units)
        for _ in 0..<min(units.count, Self.starters) {
            Task {
                while let unit = line.next() {
                    guard unit.begins(deadline: .now + unit.handler.policy.timeout) else { continue }
                    unit.started(Task.immediate { await self.run(unit, now: now) })
                }
            }
        }
    }

    private static let starters = ProcessInfo.processInfo.activeProcessorCount

    /// Within the step of a trace that the jobs follow: what the handler enqueues at its end follows this one.
    private func run(_ unit: JobUnit, now: Date) async {
        guard self.isTraced else { return await self.run(unit, now: now, nil) }
        await JobTrace.step(of: unit) { step in await self.run(unit, now: now, step) }
    }

    private func run(_ unit: JobUnit, now: Date, _ step: (any Span)?) async {
        let context = JobContext(unit: unit, logger: self.logger, pool: self.pool, now: now, worker: self.worker.id)
        let start = ContinuousClock.now
        var judgement: Judgement
        do {
            try Task.checkCancellation()
            judgement = try await unit.handler.run(unit.jobs, context)
        } catch {
            judgement = Judgement(verdicts: .each([:]), failure: error)
            step?.setStatus(SpanStatus(code: .error, message: JobFailure.text(for: error)))
        }
        self.metrics.ran(kind: unit.handler.kind, for: .now - start)
        let (lost, stop) = unit.ends()
        if judgement.isPlainlyDone, lost.isEmpty { return self.completer.submit(UnitEnds(unit: unit, ends: .done)) }
        if let error = judgement.failure { judgement.verdicts = self.judge(error, unit, stop, but: judgement.verdicts) }
        await self.settle(unit, unit.jobs.filter { !lost.contains($0.id) }, judgement, stop)
    }

    /// Ends a unit that was called off before it could start.
    func callOff(_ unit: JobUnit) {
        guard unit.withdraws() else { return }
        self.submit(unit, unit.jobs.map { JobEnd(id: $0.id, lease: $0.lease, fate: .cancel, reason: "cancelled before it ran") })
    }

    /// Hands a unit back, if it has not started.
    func handBack(_ unit: JobUnit) {
        guard unit.withdraws() else { return }
        self.submit(unit, unit.jobs.map { JobEnd(id: $0.id, lease: $0.lease, fate: .handBack) })
    }

    /// Tries the jobs of a handler again that was cancelled long ago and does not stop: it keeps its slot, but holds nothing any more.
    func disown(_ unit: JobUnit) {
        let lost = unit.current.lost
        unit.disown()
        let ends = unit.jobs.filter { !lost.contains($0.id) }.map {
            self.end(of: $0, unit, nil, .retry(reason: "timed out after \(unit.handler.policy.timeout), and its handler does not stop"))
        }
        self.logger.error("A handler does not stop; its slot is lost until it does", metadata: ["job.kind": "\(unit.handler.kind)"])
        self.completer.submit(UnitEnds(unit: unit, ends: .each(ends))) { _ in }
    }

    /// What a thrown error means for those who have no verdict yet: when the handler was told to stop, what follows is decided by why.
    private func judge(_ error: any Error, _ unit: JobUnit, _ stop: JobUnit.Stop?, but verdicts: Judgement.Verdicts) -> Judgement.Verdicts {
        let verdict: Verdict? =
            switch stop {
            case nil: JobFailure.verdict(on: error)
            case .timeout: .retry(reason: "timed out after \(unit.handler.policy.timeout)")
            case .calledOff, .lost, .leaseEnding, .drain: nil
            }
        guard case .each(let given) = verdicts, !given.isEmpty else { return .all(verdict) }
        var all: [JobID: Verdict] = [:]
        for job in unit.jobs { all[job.id] = given[job.id] ?? verdict }
        return .each(all)
    }

    /// Ends the unit.
    ///
    /// Not within the handler's Task: that may be cancelled, and an end is not to be interrupted.
    private func settle(_ unit: JobUnit, _ jobs: [JobClaimed], _ judgement: Judgement, _ stop: JobUnit.Stop?) async {
        let verdicts = judgement.verdicts
        let hasEffects = judgement.effects != nil || jobs.contains { verdicts[$0.id].map(Self.needsTransaction) ?? false }
        if hasEffects, !jobs.isEmpty {
            // Who only puts a job off waits for nobody.
            let takesTurn = judgement.effects != nil || jobs.contains { verdicts[$0.id].map(Self.finishes) ?? false }
            let turn = !takesTurn ? nil : unit.handler.policy.turn.map { EffectTurns.Turn(tenant: jobs[0].tenant, name: $0) }
            await Task {
                await self.turns.take(turn) { await self.settleInTransaction(unit, jobs, judgement, stop) }
            }.value
        } else {
            self.submit(unit, jobs.map { self.end(of: $0, unit, stop, verdicts[$0.id]) })
        }
    }

    private static func finishes(_ verdict: Verdict) -> Bool {
        if case .done = verdict.end { return verdict.effects != nil }
        return false
    }

    private static func needsTransaction(_ verdict: Verdict) -> Bool {
        if case .postpone(_, .some, _) = verdict.end { return true }
        return verdict.effects != nil
    }

    /// Hands the ends to the completer; the slot is free when they are acknowledged.
    private func submit(_ unit: JobUnit, _ ends: [JobEnd]) {
        if ends.isEmpty { self.table.remove([unit]) } else { self.completer.submit(UnitEnds(unit: unit, ends: .each(ends))) }
    }

    /// A verdict as an end.
    ///
    /// Without a verdict the run was stopped: called off, or handed back as it was.
    private func end(of job: JobClaimed, _ unit: JobUnit, _ stop: JobUnit.Stop?, _ verdict: Verdict?) -> JobEnd {
        guard let verdict else {
            if stop == .calledOff { return JobEnd(id: job.id, lease: job.lease, fate: .cancel, reason: "cancelled while it ran") }
            return JobEnd(id: job.id, lease: job.lease, fate: .handBack)
        }
        switch verdict.end {
        case .done: return JobEnd(id: job.id, lease: job.lease, fate: .done)
        case .bury(let reason): return JobEnd(id: job.id, lease: job.lease, fate: .bury, reason: reason)
        case .retry(let reason, let after):
            return JobEnd(
                id: job.id, lease: job.lease, fate: .retry, reason: reason, delay: after ?? unit.handler.policy.backoff.wait(after: job.attempt))
        case .postpone(let until, let gate, let reason):
            var end = JobEnd(id: job.id, lease: job.lease, fate: .postpone, reason: reason)
            // Behind one of its own gates it keeps its place in the line; opening the gate early lets it through.
            if let gate, gate == Verdict.ownGate || gate == unit.handler.policy.gate || gate == "tenant" || gate == "kind:\(job.kind)" { return end }
            switch until {
            case .at(let date): end.wake = date
            case .after(let wait): end.delay = wait
            }
            return end
        }
    }

    /// Fence, effects, end: one transaction.
    ///
    /// Again from the start when it was rolled back for a passing reason, or when nobody knows whether it committed.
    private func settleInTransaction(_ unit: JobUnit, _ jobs: [JobClaimed], _ judgement: Judgement, _ stop: JobUnit.Stop?) async {
        let ends = jobs.map { self.end(of: $0, unit, stop, judgement.verdicts[$0.id]) }.sorted { $0.id < $1.id }
        let runs = ends.map { JobRun(id: $0.id, lease: $0.lease) }
        var failures = 0
        var isOutcomeUnknown = false
        let judged = ContinuousClock.now
        while true {
            do {
                var became = try await self.pool.transaction { tx in
                    let held = Set(try await tx.query(JobsFence(runs: runs)))
                    guard !held.isEmpty else { return [:] as [JobID: String] }
                    if let trace = JobTrace.current { _ = try await tx.query(TraceSet(trace: trace)) }
                    try await judgement.effects?(tx, held)
                    var shut: [GateWish] = []
                    for job in jobs where held.contains(job.id) {
                        guard let verdict = judgement.verdicts[job.id] else { continue }
                        try await verdict.effects?(tx)
                        guard case .postpone(let until, .some(let gate), let reason) = verdict.end else { continue }
                        let wish = GateWish(gate: gate == Verdict.ownGate ? job.ownGate : gate, tenant: job.tenant, until: until)
                        // A batch wishes the same for each of its jobs.
                        if shut.contains(wish) { continue }
                        shut.append(wish)
                        try await self.shut(wish, because: reason, since: judged, in: tx)
                    }
                    var became: [JobID: String] = [:]
                    for row in try await tx.query(JobsEnd(ends: ends.filter { held.contains($0.id) })) { became[row.id] = row.end }
                    return became
                }
                if isOutcomeUnknown {
                    let missing = runs.filter { became[$0.id] == nil }
                    if !missing.isEmpty {
                        for row in try await self.pool.query(JobsFate(runs: missing)) where row.fate == "ended" { became[row.id] = "ended" }
                    }
                }
                self.closer.close(UnitEnds(unit: unit, ends: .each(ends)), became)
                return
            } catch let error as PostgresError where error.isTransient || (error.sqlState == SQLState.uniqueViolation.rawValue && failures < 3) {
                failures += 1
                // Whatever the error: a server that goes down can say so after it has committed.
                isOutcomeUnknown = true
                if !error.isUnreachable, failures >= Self.mostRefusals {
                    // The database is there and says no, each time: a failed attempt, with its reason.
                    self.submit(unit, self.ends(of: jobs, unit, failedBy: error))
                    return
                }
                if failures >= Self.mostSilences {
                    // The completer goes on for as long as it takes; if this did commit, the fence refuses it.
                    self.submit(unit, jobs.map { JobEnd(id: $0.id, lease: $0.lease, fate: .handBack) })
                    return
                }
                try? await Task.sleep(for: Backoff(base: .milliseconds(20), cap: .seconds(2)).wait(after: failures) + .milliseconds(5))
            } catch let error as PostgresError where error.code == .poolClosed || error.code == .cancelled {
                self.submit(unit, jobs.map { JobEnd(id: $0.id, lease: $0.lease, fate: .handBack) })
                return
            } catch {
                // The effects themselves failed: that is a failed attempt, with the effects' reason.
                self.submit(unit, self.ends(of: jobs, unit, failedBy: error))
                return
            }
        }
    }

    /// Shuts a gate; as it opens, this process looks for what waits behind it.
    private func shut(
        _ wish: GateWish, because reason: String, since judged: ContinuousClock.Instant, in tx: PostgresTransaction
    ) async throws(PostgresError) {
        var until: Date?
        var wait: Duration?
        switch wish.until {
        case .at(let date): until = date
        // From the verdict on, however long its transaction had to wait.
        case .after(let given): wait = max(.zero, given - (.now - judged))
        }
        let gate = GateShut(tenant: wish.tenant, name: wish.gate, until: until, wait: wait, reason: reason)
        guard let left = try await tx.first(gate) ?? nil else { return }
        let opening = ContinuousClock.now + left + Self.opened
        tx.afterCommit { self.life.opens(at: opening) }
    }

    /// How often a transaction is tried anew while the database answers, and while it does not.
    private static let mostRefusals = 5
    private static let mostSilences = 20
    /// How long after its time a gate has surely opened: the database's clock and ours don't tick alike.
    private static let opened = Duration.milliseconds(10)

    /// A gate that a job wants to be shut.
    private struct GateWish: Equatable {
        let gate: String
        let tenant: Int64
        let until: Verdict.Wake
    }

    private func ends(of jobs: [JobClaimed], _ unit: JobUnit, failedBy error: any Error) -> [JobEnd] {
        let verdict = Verdict(end: JobFailure.verdict(on: error).end, effects: nil)
        return jobs.map { self.end(of: $0, unit, nil, verdict) }
    }
}
