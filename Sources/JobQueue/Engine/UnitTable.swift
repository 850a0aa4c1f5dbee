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
        var units: [ObjectIdentifier: JobUnit] = [:]
        var unitsOfHandler: [ObjectIdentifier: Int] = [:]
        var unitsOfTenant: [Seat: Int] = [:]
        /// Room that claims on their way have asked for: in all, and of each handler.
        var reserved = 0
        var reservedOfHandler: [ObjectIdentifier: Int] = [:]
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

    /// Whether every kind, and every tenant within it, may have all the places there are.
    var isUnlimited: Bool { self.handlers.allSatisfy { $0.limit == .max && $0.tenantLimit == .max } }

    /// Every unit there is.
    var units: [JobUnit] { self.state.withLock { Array($0.units.values) } }

    /// How many units there are.
    var count: Int { self.state.withLock { $0.units.count } }

    /// How many of them hold a job: all but those whose handler was given up.
    var busy: Int { self.units.count { $0.isBusy } }

    /// Whether a unit is there and holds a job.
    func isBusy(_ unit: JobUnit) -> Bool { self.state.withLock { $0.units[ObjectIdentifier(unit)] != nil } && unit.isBusy }

    /// How many more may start, beside those that claims on their way may bring.
    var room: Int { self.state.withLock { max(0, self.concurrency - $0.units.count - $0.reserved) } }

    /// What may be claimed now, a row for each kind and version.
    func offers() -> [JobOffer] {
        self.state.withLock { state in
            let free = max(0, self.concurrency - state.units.count - state.reserved)
            return self.handlers.flatMap { handler in
                let id = ObjectIdentifier(handler)
                let held = (state.unitsOfHandler[id] ?? 0) + (state.reservedOfHandler[id] ?? 0)
                let room = min(free, handler.limit - min(handler.limit, held))
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

    /// Keeps room for what a claim may bring, until `release`.
    func reserve(_ room: Int) {
        self.state.withLock { state in
            state.reserved += room
            for handler in self.handlers { state.reservedOfHandler[ObjectIdentifier(handler), default: 0] += room }
        }
    }

    /// A claim has come back, with these units or none.
    func release(_ room: Int, for units: [JobUnit]) {
        self.state.withLock { state in
            state.reserved -= room
            for handler in self.handlers { state.reservedOfHandler[ObjectIdentifier(handler), default: 0] -= room }
            for unit in units {
                state.units[ObjectIdentifier(unit)] = unit
                state.unitsOfHandler[ObjectIdentifier(unit.handler), default: 0] += 1
                guard let seat = Self.seat(of: unit) else { continue }
                state.unitsOfTenant[seat, default: 0] += 1
            }
        }
    }

    /// The ends of these units have been acknowledged: their slots are free.
    ///
    /// Whether the kind of one, or its tenant within it, had no room before: claims passed its jobs over.
    @discardableResult
    func remove(_ units: [JobUnit]) -> Bool {
        let wasFull = self.state.withLock { state in
            var wasFull = false
            for unit in units {
                guard state.units.removeValue(forKey: ObjectIdentifier(unit)) != nil else { continue }
                let handler = ObjectIdentifier(unit.handler)
                let count = state.unitsOfHandler[handler] ?? 1
                state.unitsOfHandler[handler] = count - 1
                wasFull = wasFull || count >= unit.handler.limit
                guard let seat = Self.seat(of: unit) else { continue }
                let own = state.unitsOfTenant[seat] ?? 1
                state.unitsOfTenant[seat] = own > 1 ? own - 1 : nil
                wasFull = wasFull || own >= unit.handler.tenantLimit
            }
            return wasFull
        }
        self.freed.fire()
        return wasFull
    }

    /// All runs, for the heartbeat.
    func runs() -> [JobRun] { self.units.flatMap(\.heldRuns) }

    /// The leases of these runs count from `instant` on, but those that are not held any more.
    ///
    /// Tells handlers with nothing left to stop. The runs that are gone.
    func renewed(_ asked: [JobRun], held: Set<JobRun>, from instant: ContinuousClock.Instant) -> [JobRun] {
        let asked = Set(asked)
        return self.units.flatMap { unit -> [JobRun] in
            let runs = unit.jobs.lazy.map(\.run).filter(asked.contains)
            guard !runs.isEmpty else { return [] }
            let (lost, task) = unit.update { state -> ([JobRun], Task<Void, Never>?) in
                // An end that is under way takes the row away under the heartbeat's eyes: that is no loss.
                let lost = state.isEnding ? [] : runs.filter { !held.contains($0) }
                state.lost.formUnion(lost.lazy.map(\.id))
                state.leaseFrom = instant
                guard state.lost.count == unit.jobs.count, state.stop != .lost, !state.isEnding else { return (Array(lost), nil) }
                state.stop = .lost
                return (Array(lost), state.task)
            }
            task?.cancel()
            return lost
        }
    }

    /// Tells the units that hold these jobs to stop, if they hold nothing else.
    func callOff(_ ids: [JobID]) {
        guard !ids.isEmpty else { return }
        let ids = Set(ids)
        for unit in self.units where unit.jobs.count == 1 && ids.contains(unit.jobs[0].id) {
            unit.stop { $0.stop == nil ? .calledOff : nil }
        }
    }

    /// Units whose handler was told to stop because its time was up, a while ago, and has not stopped.
    func deaf(since instant: ContinuousClock.Instant) -> [JobUnit] {
        self.units.filter { unit in
            let state = unit.current
            guard state.stop == .timeout, !state.isEnding, let deadline = state.deadline else { return false }
            return deadline < instant && state.lost.count < unit.jobs.count
        }
    }

    /// As if the process had died: nothing that is held now is handed back or ended any more, and every handler is told to stop.
    func abandon() {
        for unit in self.units {
            let task = unit.update { state in
                state.lost = Set(unit.jobs.map(\.id))
                state.stop = .lost
                return state.task
            }
            task?.cancel()
        }
    }

    private static func seat(of unit: JobUnit) -> Seat? {
        guard unit.handler.tenantLimit < .max, let tenant = unit.jobs.first?.tenant else { return nil }
        return Seat(tenant: tenant, kind: unit.handler.kind)
    }
}
