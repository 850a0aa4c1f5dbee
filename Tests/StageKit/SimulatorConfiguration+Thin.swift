package import Simulator

extension SimulatorConfiguration {
    /// Leads of a third of the ids, read at the pace of a real network; so a load has many pages, and points at which it can be disturbed.
    package static func thin(leads: Int, seed: CrashSeed, milliseconds: ClosedRange<Double> = 20...150) -> SimulatorConfiguration {
        var configuration = SimulatorConfiguration(leads: leads, seed: seed.value)
        configuration.seed.density = 0.33
        configuration.faults = [
            FaultRule(.delay, path: "/rest/*").with {
                $0.seconds = milliseconds.lowerBound / 1_000
                $0.maxSeconds = milliseconds.upperBound / 1_000
            }
        ]
        return configuration
    }
}
