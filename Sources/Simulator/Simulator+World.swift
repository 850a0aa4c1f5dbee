/// The instance from inside the process: the same as the control API, without HTTP.
extension Simulator {
    /// What the clients did since the start or the last reset.
    package var evidence: Evidence { self.instance.with { world, _ in world.desk.report } }
    package func resetEvidence() { self.instance.with { world, _ in world.desk.resetEvidence() } }

    package var limits: Limits {
        get { self.instance.with { world, _ in world.desk.limits } }
        set { self.instance.with { world, _ in world.desk.limits = newValue } }
    }

    package var switches: Switches { self.instance.with { world, _ in world.switches } }

    /// Turns switches.
    package func set(_ change: @Sendable (inout Switches) -> Void) {
        self.instance.with { world, _ in
            change(&world.switches)
            world.desk.setFixedWindow(world.switches.fixedWindow)
        }
    }

    /// Switches a fault on and gives its number.
    @discardableResult package func add(_ fault: FaultRule) -> Int { self.instance.with { world, _ in world.faults.add(fault) } }
    /// Switches one fault off, or all.
    package func removeFault(_ id: Int? = nil) { self.instance.with { world, _ in world.faults.remove(id) } }
    /// How often a fault fired.
    package func fired(_ id: Int) -> Int { self.instance.with { world, _ in world.faults.active.first { $0.id == id }?.fired ?? 0 } }

    /// Simulated seconds since 1970.
    package var now: Int64 { self.instance.with { world, uptime in world.seconds(at: uptime) } }
    /// Jumps the clock.
    package func advance(seconds: Double) {
        self.instance.with { world, uptime in world.clock.advance(seconds: seconds, at: uptime) }
    }
    /// Sets the clock, in seconds since 1970.
    package func setClock(_ seconds: Int64) { self.instance.with { world, uptime in world.clock.set(milliseconds: seconds * 1_000, at: uptime) } }
    /// Simulated seconds for each real one; 0 stands still.
    package func setClock(speed: Double) { self.instance.with { world, uptime in world.clock.run(speed: speed, at: uptime) } }

    /// Every lead there is, lowest id first.
    package func leads() -> [SimulatedLead] {
        self.instance.with { world, _ in world.leads.ids.compactMap { world.lead($0) } }
    }
    package func lead(_ id: Int64) -> SimulatedLead? { self.instance.with { world, _ in world.lead(id) } }
    /// From now on, what each lead was after each write of a client's is kept.
    package func keepWrites() { self.instance.with { world, _ in world.written = world.written ?? [] } }
    /// What was kept, in order.
    package var written: [SimulatedLead] { self.instance.with { world, _ in world.written ?? [] } }
    package var leadCount: Int { self.instance.with { world, _ in world.leads.count } }
    /// One past the highest id ever given.
    package var nextLeadID: Int64 { self.instance.with { world, _ in world.leads.nextID } }

    /// Creates one lead; texts are taken as they are, also an e-mail that is none.
    @discardableResult package func createLead(_ values: KeyValuePairs<String, JSONValue>) throws -> Int64 {
        let members = values.map { JSONValue.Member(name: $0.key, value: $0.value) }
        return try self.instance.with { world, uptime in try world.createLead(members, at: uptime) }
    }
    /// Creates made-up leads.
    @discardableResult package func createLeads(count: Int) -> [Int64] {
        self.instance.with { world, uptime in world.createMadeUp(count, at: uptime) }
    }
    package func update(_ ids: [Int64], _ values: KeyValuePairs<String, JSONValue>) throws {
        let members = values.map { JSONValue.Member(name: $0.key, value: $0.value) }
        try self.instance.with { world, uptime in for id in ids { try world.updateLead(id, members, at: uptime) } }
    }
    package func changeScore(_ ids: [Int64], by change: Int64) throws {
        try self.instance.with { world, uptime in for id in ids { try world.changeScore(id, by: change, at: uptime) } }
    }
    package func delete(_ ids: [Int64]) { self.instance.with { world, uptime in for id in ids { world.delete(id, at: uptime) } } }
    package func merge(_ losers: [Int64], into winner: Int64) throws {
        try self.instance.with { world, uptime in try world.merge(losers, into: winner, at: uptime) }
    }
    /// Puts an activity into the log, dated `activity.date`; `isLate`: committed long after.
    package func add(_ activity: Activity, isLate: Bool = false) { self.instance.with { world, _ in world.add(activity, isLate: isLate) } }

    /// The same, as one that changed fields.
    package func add(_ activity: Activity, changing fields: [FieldChange], isLate: Bool = false) throws {
        try self.instance.with { world, _ in try world.add(activity, changing: fields, isLate: isLate) }
    }

    package func add(_ field: LeadField) { self.instance.with { world, _ in world.add(field) } }
    package func hide(field: String) { self.instance.with { world, _ in world.hide(field: field) } }
    package func show(field: String) { self.instance.with { world, _ in world.show(field: field) } }
    /// Adds a client, or changes its secret, user or permissions.
    package func put(_ client: APIClient) { self.instance.with { world, _ in world.identity.put(client) } }
    /// Every token is worth nothing from now on: 602 then 601, or 601 at once.
    package func cutTokensShort(asInvalid: Bool = false) { self.instance.with { world, _ in world.identity.cutShort(asInvalid: asInvalid) } }
    /// Calls other integrations made today.
    package func countCalls(_ calls: Int, user: String) {
        self.instance.with { world, uptime in world.desk.count(user: user, calls: calls, day: world.day(at: uptime)) }
    }
    /// All calls of today that count, those of other integrations included.
    package var callsToday: Int { self.instance.with { world, uptime in world.desk.usage(day: world.day(at: uptime)).total } }
    package func putList(_ id: Int64, name: String, members: Set<Int64>) {
        self.instance.with { world, uptime in world.putList(id, name: name, members: members, at: uptime) }
    }
}
