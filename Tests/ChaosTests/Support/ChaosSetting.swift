import Foundation
import Simulator
import Testing

/// How one run of chaos is made; it stands in the test's name, so that the run can be had again.
struct ChaosSetting: Sendable, CustomStringConvertible, CustomTestStringConvertible {
    let seed: UInt64
    /// How many troubles are made; some of them fire several times.
    var faults = 60
    /// Leads at the start.
    var leads = 1_200

    /// As in the environment.
    var description: String { "KAKEHASHI_CHAOS_SEED=\(self.seed) KAKEHASHI_CHAOS_FAULTS=\(self.faults) KAKEHASHI_CHAOS_LEADS=\(self.leads)" }
    var testDescription: String { self.description }

    /// Whether the diary is printed of a run that went well, too.
    var tellsAll: Bool { ProcessInfo.processInfo.environment["KAKEHASHI_CHAOS_DIARY"] == "1" }

    /// Runs that failed once, by what they found.
    static let failedOnce = [
        // Once, on a machine that was busy with a build, it did not come to rest within two minutes; it has since. (What seeds 2 and 14 found is
        // in MergeTests, BlockTests and FullLoadTests, for they draw other plans by now.)
        ChaosSetting(seed: 524_004)
    ]

    /// What the environment asks for, and for what it leaves open a new seed and a short run; without any wish the seeds that failed once.
    static var wanted: [ChaosSetting] {
        let asked = ["SEED", "FAULTS", "LEADS"].map { ProcessInfo.processInfo.environment["KAKEHASHI_CHAOS_\($0)"].flatMap { UInt64($0) } }
        var setting = ChaosSetting(seed: asked[0] ?? UInt64.random(in: 1...999_999))
        if let faults = asked[1] { setting.faults = Int(faults) }
        if let leads = asked[2] { setting.leads = Int(leads) }
        return asked.allSatisfy { $0 == nil } ? Self.failedOnce : [setting]
    }

    /// A short run takes two minutes; a long one as long as its faults and its leads, at the pace of Marketo's window.
    static var minutes: Int { 4 + Self.wanted.reduce(0) { max($0, $1.faults / 25 + $1.leads / 2_500) } }

    /// What the vendor is like: a good part of the ids not in use, answers at the pace of a real network.
    var simulator: SimulatorConfiguration {
        var configuration = SimulatorConfiguration(leads: self.leads, seed: self.seed)
        configuration.seed.density = 0.15
        configuration.clients.append(ForeignUser.client)
        configuration.faults = [
            FaultRule(.delay, path: "/rest/*").with {
                $0.seconds = 0.02
                $0.maxSeconds = 0.1
            }
        ]
        return configuration
    }
}
