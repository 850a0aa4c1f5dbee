/// How a simulator is made.
package struct SimulatorConfiguration: Sendable {
    /// Loopback unless said otherwise.
    package var host = "127.0.0.1"
    /// 0 takes a free one.
    package var port = 0
    package var seed: LeadSeed
    package var limits: Limits
    package var switches: Switches
    package var faults: [FaultRule] = []
    package var clients: [APIClient] = [.standard]
    /// The simulated time at the start, in seconds since 1970; `nil`: the machine's.
    package var now: Int64?
    /// Simulated seconds for each real one.
    package var clockSpeed: Double = 1

    package init(leads: Int = 0, seed: UInt64 = 1, limits: Limits = Limits(), switches: Switches = Switches()) {
        self.seed = LeadSeed(leads: leads, seed: seed)
        self.limits = limits
        self.switches = switches
    }
}
