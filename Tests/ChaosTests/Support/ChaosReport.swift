import Simulator

/// What happened, and what came of it.
struct ChaosReport: Sendable {
    let setting: ChaosSetting
    private(set) var faults: [String: Int] = [:]
    var quotaDays = 0
    /// Calls that were made while everybody knew that the quota was spent.
    var callsAfterSpent = 0
    var findings: [Finding] = []
    var leads = 0
    var changes = 0
    var deeds = 0
    var evidence = Evidence()
    /// How long it took to come to rest.
    var settling = Duration.zero

    init(setting: ChaosSetting) { self.setting = setting }

    mutating func count(_ trouble: Trouble, times: Int = 1) { self.faults[trouble.rawValue, default: 0] += times }

    /// What the product alone did to Marketo's limits.
    var mostInAnyWindow: Int { self.evidence.mostInAnyWindowByUser[APIClient.standard.user] ?? 0 }
    var mostAtOnce: Int { self.evidence.mostAtOnceByUser[APIClient.standard.user] ?? 0 }

    /// All of it in a line.
    var closingLine: String {
        let faults = self.faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let kills = (self.faults[Trouble.workerKilled.rawValue] ?? 0) + (self.faults[Trouble.schedulerKilled.rawValue] ?? 0)
        let found = Finding.Kind.allCases.map { kind in "\(self.findings.count { $0.kind == kind }) \(kind.rawValue)" }.joined(separator: ", ")
        return """
            Chaos: \(self.setting): \(self.faults.values.reduce(0, +)) faults (\(faults)); \(self.leads) leads, \(self.changes) changes in Marketo, \
            \(self.deeds) by users, \(kills) kills; \(found); \(self.evidence.counted) calls, at most \(self.mostInAnyWindow) in any 20 s and \
            \(self.mostAtOnce) at once; \(self.callsAfterSpent) calls after spent, in \(self.quotaDays) days; at rest after \(self.settling.components.seconds) s
            """
    }
}
