import Simulator

/// What goes wrong when, all drawn from the seed before anything begins.
///
/// The processes are real and keep their own time, so two runs of a plan meet it at different points; the plan itself is the same to the millisecond.
struct ChaosPlan: Equatable, Sendable {
    /// What sets the product to work: an operator's wish, or an hour that passed without a scheduler.
    enum Sync: Sendable { case sweep, tick, full }

    /// Something to do, and how long to let it work.
    struct Step: Equatable, Sendable {
        let trouble: Trouble
        /// How many leads change before.
        let changes: Int
        /// What users of Mazrica do before.
        let deeds: Int
        /// What is asked for before, if anything.
        let sync: Sync?
        let pause: Duration
        /// After how many steps it is over, if it does not end by itself.
        let lasts: Int
        /// The dice for its details.
        let seed: UInt64
    }

    let steps: [Step]

    init(_ setting: ChaosSetting) {
        var random = SeededRandom(seed: setting.seed)
        var deck: [Trouble] = []
        // On average every lead changes once, and in a short run enough of them in each step.
        let changes = max(12, setting.leads / max(1, setting.faults))
        self.steps = (0..<setting.faults).map { number in
            // Deck by deck: each trouble comes as often as any other, in an order of its own.
            if deck.isEmpty { deck = Trouble.allCases.shuffled(using: &random) }
            return Step(
                trouble: deck.removeLast(), changes: 1 + random.below(2 * changes), deeds: random.below(4), sync: Self.sync(number),
                pause: .milliseconds(80 + random.below(420)), lasts: 1 + random.below(4), seed: random.next())
        }
    }

    private static func sync(_ number: Int) -> Sync? {
        if number % 9 == 8 { return .full }
        if number % 6 == 5 { return .tick }
        return number % 2 == 1 ? .sweep : nil
    }
}
