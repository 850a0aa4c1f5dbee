import Fleet
import StageKit
import TestKit
import Testing

/// Everything goes wrong at once, with real processes, and nothing comes of it.
///
/// See docs/chaos.md.
@Suite(.serialized) struct ChaosTests {
    @Test(.timeLimit(.minutes(ChaosSetting.minutes)), arguments: ChaosSetting.wanted)
    func `promises 1 to 10: whatever happens in whatever order, no lead is lost, doubled or stale, and no call is one too many`(
        setting: ChaosSetting
    ) async throws {
        let cluster = try await PrivateCluster.own(settings: ["synchronous_commit = on"])
        // What others use is many days' calls in a minute here; it is not to hold the lanes, which have tests of their own.
        try await Stage.set(setting.simulator, on: cluster, settings: ["daily-limit": "10000000"], byRoad: true) { stage in
            var driver = ChaosDriver(stage, setting)
            try await driver.play(ChaosPlan(setting))
            let ruins = ContinuousClock.now
            try await driver.settle()
            driver.report.settling = .now - ruins
            try await driver.judge()
            let report = driver.report
            print(report.closingLine)
            #expect((driver.workers + driver.schedulers).allRun, "\(stage.family.said)")
            if !report.findings.isEmpty || setting.tellsAll { print(try await driver.evidence()) }
            #expect(report.findings.isEmpty, "\(report.findings.prefix(20).map(\.description).joined(separator: "\n"))")
            #expect(report.mostInAnyWindow <= Stage.window && report.mostAtOnce <= Stage.atOnce && report.callsAfterSpent == 0)
        }
        try await cluster.remove()
    }

    @Test func `a seed draws the same plan each time, and every trouble is in it`() {
        let plan = ChaosPlan(ChaosSetting(seed: 7))
        #expect(plan == ChaosPlan(ChaosSetting(seed: 7)))
        #expect(plan != ChaosPlan(ChaosSetting(seed: 8)))
        #expect(Set(plan.steps.map(\.trouble)) == Set(Trouble.allCases))
    }
}
