/// The ends of one unit's runs, which travel to the database together.
struct UnitEnds: Sendable {
    /// How the runs are to end.
    enum Ends: Sendable {
        /// All of the unit's, well.
        case done
        /// Some or all of them, each in its own way.
        case each([JobEnd])
    }

    let unit: JobUnit
    let ends: Ends

    /// How many runs end.
    var count: Int {
        switch self.ends {
        case .done: self.unit.jobs.count
        case .each(let ends): ends.count
        }
    }

    /// One by one.
    var each: [JobEnd] {
        switch self.ends {
        case .done: self.unit.jobs.map { JobEnd(id: $0.id, lease: $0.lease, fate: .done) }
        case .each(let ends): ends
        }
    }

    /// Whether they can be ended in the shortest way.
    var isDone: Bool {
        if case .done = self.ends { return true }
        return false
    }
}
