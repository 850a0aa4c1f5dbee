/// The faults that are switched on, and how far each has counted.
package struct FaultPlan: Sendable {
    private struct Watch: Sendable {
        let id: Int
        let rule: FaultRule
        var seen = 0
        var fired = 0
        var random: SeededRandom
    }

    private var watches: [Watch] = []
    private var nextID = 1
    private let seed: UInt64

    package init(seed: UInt64) {
        self.seed = seed
    }

    /// Switches a fault on.
    /// - Returns: Its number, to switch it off with.
    @discardableResult package mutating func add(_ rule: FaultRule) -> Int {
        defer { self.nextID += 1 }
        self.watches.append(Watch(id: self.nextID, rule: rule, random: SeededRandom(seed: self.seed &+ UInt64(self.nextID) &* 7_919)))
        return self.nextID
    }

    /// Switches one off, or all.
    package mutating func remove(_ id: Int? = nil) {
        self.watches.removeAll { id == nil || $0.id == id }
    }

    /// What is on: number, rule, how often it fired.
    package var active: [(id: Int, rule: FaultRule, fired: Int)] {
        self.watches.map { ($0.id, $0.rule, $0.fired) }
    }

    /// The faults this call meets, in the order they were switched on: every delay, and the first other one.
    mutating func strike(_ call: Arrival) -> [FaultRule] {
        self.fire { ($0.method ?? call.method) == call.method && Self.matches(call.path, pattern: $0.path) && call.canMeet($0) }
    }

    /// The fault this record of a write meets.
    mutating func strikeRecord(path: String) -> FaultRule? {
        self.fire { $0.kind == .record && Self.matches(path, pattern: $0.path) }.first
    }

    /// Random seconds for a delay, from the rule's own dice.
    package mutating func seconds(of rule: FaultRule) -> Double {
        guard let low = rule.seconds ?? rule.maxSeconds else { return 0 }
        guard let high = rule.maxSeconds, high > low, let index = self.watches.firstIndex(where: { $0.rule == rule }) else { return low }
        var share = self.watches[index].random.fraction()
        if rule.longTail == true { share = share * share * share * share }
        return low + (high - low) * share
    }

    private mutating func fire(where matches: (FaultRule) -> Bool) -> [FaultRule] {
        var struck: [FaultRule] = []
        for index in self.watches.indices where matches(self.watches[index].rule) {
            let rule = self.watches[index].rule
            // What an earlier rule has struck is not this one's call: an `nth` would pass by unseen.
            if rule.kind != .delay, struck.contains(where: { $0.kind != .delay }) { continue }
            self.watches[index].seen += 1
            let seen = self.watches[index].seen - max(0, rule.after ?? 0)
            guard seen > 0, self.watches[index].fired < rule.times ?? .max else { continue }
            if let nth = rule.nth, seen != nth { continue }
            if let every = rule.every, seen % max(1, every) != 0 { continue }
            if let rate = rule.rate, self.watches[index].random.fraction() >= rate { continue }
            self.watches[index].fired += 1
            struck.append(rule)
        }
        return struck
    }

    /// `*` stands for any text, also none.
    static func matches(_ path: String, pattern: String?) -> Bool {
        guard let pattern, pattern != "*" else { return true }
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return path == pattern }
        var rest = path[...]
        for (index, part) in parts.enumerated() {
            if index == 0 {
                guard rest.hasPrefix(part) else { return false }
                rest = rest.dropFirst(part.count)
            } else if index == parts.count - 1 {
                return rest.hasSuffix(part)
            } else if !part.isEmpty {
                guard let range = rest.firstRange(of: part) else { return false }
                rest = rest[range.upperBound...]
            }
        }
        return true
    }
}
