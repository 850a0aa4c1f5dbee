import Synchronization

/// What this process holds, and how much room it has left.
///
/// A slot is free again only when the end of its unit has been acknowledged.
final class UnitTable: Sendable {
    /// A tenant's part of a kind.
    private struct Seat: Hashable {
        let tenant: Int64
        let kind: String
    }

    private struct State {
        var units: [Int: JobUnit] = [:]
        var unitOfJob: [JobID: Int] = [:]
        var unitsOfKind: [String: Int] = [:]
        var unitsOfTenant: [Seat: Int] = [:]
        var lastNumber = 0
    }

    private let state = Mutex(State())
    private let concurrency: Int
    private let handlers: [AnyJobHandler]
    /// Rings whenever a unit is gone.
    let freed = WakeSignal()

    init(concurrency: Int, handlers: [AnyJobHandler]) {
        self.concurrency = concurrency
        self.handlers = handlers
    }

    /// How many units there are.
    var count: Int { self.state.withLock { $0.units.count } }

    /// How many of them hold a job: all but those whose handler was given up.
    var busy: Int { self.state.withLock { state in state.units.values.count { $0.lost.count < $0.jobs.count } } }

    /// Whether a unit is there and holds a job.
    func isBusy(_ number: Int) -> Bool { self.unit(number).map { $0.lost.count < $0.jobs.count } ?? false }

    /// How many more may start.
    var room: Int { max(0, self.concurrency - self.count) }

    /// What may be claimed now, a row for each kind and version.
    func offers() -> [JobOffer] {
        self.state.withLock { state in
            let free = max(0, self.concurrency - state.units.count)
            return self.handlers.flatMap { handler in
                let room = min(free, handler.limit - min(handler.limit, state.unitsOfKind[handler.kind] ?? 0))
                return (1...max(1, handler.version)).map {
                    JobOffer(
                        kind: handler.kind, version: $0, gate: handler.policy.gate, room: room, batchSize: handler.batchSize,
                        mostOfTenant: handler.tenantLimit)
                }
            }
        }
    }

    /// How many units each tenant has here, of each kind of which it may not have any number.
    func holds() -> [TenantHold] {
        self.state.withLock { state in state.unitsOfTenant.map { TenantHold(tenant: $0.key.tenant, kind: $0.key.kind, units: $0.value) } }
    }

    /// Takes a unit in.
    func add(_ jobs: [JobClaimed], handler: AnyJobHandler, leaseFrom: ContinuousClock.Instant) -> Int {
        self.state.withLock { state in
            state.lastNumber += 1
            state.units[state.lastNumber] = JobUnit(number: state.lastNumber, handler: handler, jobs: jobs, leaseFrom: leaseFrom)
            state.unitsOfKind[handler.kind, default: 0] += 1
            if handler.tenantLimit < .max, let tenant = jobs.first?.tenant {
                state.unitsOfTenant[Seat(tenant: tenant, kind: handler.kind), default: 0] += 1
            }
            for job in jobs { state.unitOfJob[job.id] = state.lastNumber }
            return state.lastNumber
        }
    }

    /// Hands over the running handler; cancels it right away if the unit was told to stop meanwhile.
    func started(_ number: Int, task: Task<Void, Never>, deadline: ContinuousClock.Instant) {
        let isStopped = self.state.withLock { state -> Bool in
            guard state.units[number] != nil else { return false }
            state.units[number]?.task = task
            state.units[number]?.deadline = deadline
            return state.units[number]?.stop != nil && state.units[number]?.isEnding == false
        }
        if isStopped { task.cancel() }
    }

    /// The unit, as it is now.
    func unit(_ number: Int) -> JobUnit? { self.state.withLock { $0.units[number] } }

    /// The handler is done: from now on nothing cancels it.
    ///
    /// The unit as it was then.
    func ending(_ number: Int) -> JobUnit? {
        self.state.withLock { state in
            state.units[number]?.isEnding = true
            return state.units[number]
        }
    }

    /// The unit's end has been acknowledged: its slot is free.
    ///
    /// Whether its kind, or its tenant within it, had no room before: claims passed its jobs over.
    @discardableResult
    func remove(_ number: Int) -> Bool {
        let wasFull = self.state.withLock { state in
            guard let unit = state.units.removeValue(forKey: number) else { return false }
            let count = state.unitsOfKind[unit.handler.kind] ?? 1
            state.unitsOfKind[unit.handler.kind] = count - 1
            for job in unit.jobs where state.unitOfJob[job.id] == number { state.unitOfJob[job.id] = nil }
            guard unit.handler.tenantLimit < .max, let tenant = unit.jobs.first?.tenant else { return count >= unit.handler.limit }
            let seat = Seat(tenant: tenant, kind: unit.handler.kind)
            let own = state.unitsOfTenant[seat] ?? 1
            state.unitsOfTenant[seat] = own > 1 ? own - 1 : nil
            return count >= unit.handler.limit || own >= unit.handler.tenantLimit
        }
        self.freed.fire()
        return wasFull
    }

    /// All runs, for the heartbeat.
    func runs() -> [JobRun] { self.state.withLock { $0.units.values.flatMap { unit in unit.runs.filter { !unit.lost.contains($0.id) } } } }

    /// The leases of these units count from `instant` on; those of `lost` are gone.
    ///
    /// Tells handlers with nothing left to stop.
    func renewed(_ asked: [JobRun], held: Set<JobRun>, from instant: ContinuousClock.Instant) -> [JobRun] {
        let (lost, cancelled) = self.state.withLock { state -> ([JobRun], [Task<Void, Never>]) in
            var lost: [JobRun] = []
            var cancelled: [Task<Void, Never>] = []
            var seen: Set<Int> = []
            for run in asked {
                guard let number = state.unitOfJob[run.id] else { continue }
                if !held.contains(run), state.units[number]?.jobs.contains(where: { $0.id == run.id && $0.lease == run.lease }) == true {
                    // An end that is under way takes the row away under the heartbeat's eyes: that is no loss.
                    if state.units[number]?.isEnding == true { continue }
                    state.units[number]?.lost.insert(run.id)
                    lost.append(run)
                }
                seen.insert(number)
            }
            for number in seen {
                state.units[number]?.leaseFrom = instant
                guard let unit = state.units[number], unit.lost.count == unit.jobs.count, unit.stop != .lost, !unit.isEnding else { continue }
                state.units[number]?.stop = .lost
                if let task = unit.task { cancelled.append(task) }
            }
            return (lost, cancelled)
        }
        for task in cancelled { task.cancel() }
        return lost
    }

    /// Tells the units that hold these jobs to stop, if they hold nothing else.
    func callOff(_ ids: [JobID]) {
        let tasks = self.state.withLock { state in
            ids.compactMap { id -> Task<Void, Never>? in
                guard let number = state.unitOfJob[id], let unit = state.units[number], unit.stop == nil, !unit.isEnding, unit.jobs.count == 1
                else { return nil }
                state.units[number]?.stop = .calledOff
                return unit.task
            }
        }
        for task in tasks { task.cancel() }
    }

    /// Tells all units to stop, or those whose time is up or whose lease is about to end.
    ///
    /// One that was told before and has not stopped can still run out of its time.
    func stop(_ reason: (JobUnit) -> JobUnit.Stop?) {
        let tasks = self.state.withLock { state in
            state.units.values.compactMap { unit -> Task<Void, Never>? in
                guard !unit.isEnding, let stop = reason(unit), unit.stop == nil || stop == .timeout && unit.stop != .timeout else { return nil }
                state.units[unit.number]?.stop = stop
                return unit.task
            }
        }
        for task in tasks { task.cancel() }
    }

    /// Units whose handler was told to stop because its time was up, a while ago, and has not stopped.
    func deaf(since instant: ContinuousClock.Instant) -> [JobUnit] {
        self.state.withLock { state in
            state.units.values.filter { unit in
                guard unit.stop == .timeout, !unit.isEnding, let deadline = unit.deadline else { return false }
                return deadline < instant && unit.lost.count < unit.jobs.count
            }
        }
    }

    /// The runs of a unit are no longer its own; it keeps its slot until its handler returns.
    func disown(_ number: Int) {
        self.state.withLock { state in
            guard let unit = state.units[number] else { return }
            state.units[number]?.lost = Set(unit.jobs.map(\.id))
        }
    }

    /// As if the process had died: nothing that is held now is handed back or ended any more, and every handler is told to stop.
    func abandon() {
        let tasks = self.state.withLock { state in
            for (number, unit) in state.units {
                state.units[number]?.lost = Set(unit.jobs.map(\.id))
                state.units[number]?.stop = .lost
            }
            return state.units.values.compactMap(\.task)
        }
        for task in tasks { task.cancel() }
    }

    /// Every handler that still runs, or whose unit has not ended.
    func tasks() -> [Task<Void, Never>] { self.state.withLock { $0.units.values.compactMap(\.task) } }

    /// Units that were taken and never started.
    func unstarted() -> [JobUnit] { self.state.withLock { $0.units.values.filter { $0.task == nil } } }
}
