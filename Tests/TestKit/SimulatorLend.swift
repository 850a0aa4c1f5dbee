package import Simulator

/// Lends a simulator on a free loopback port, and closes it afterwards.
///
/// - Parameter configuration: What it holds, allows and gets wrong. The default is empty, with the vendor's own limits.
package func withSimulator<Value>(
    _ configuration: SimulatorConfiguration = SimulatorConfiguration(), _ body: (Simulator) async throws -> Value
) async throws -> Value {
    let simulator = try await Simulator.start(configuration)
    do {
        let value = try await body(simulator)
        await simulator.stop()
        return value
    } catch {
        await simulator.stop()
        throw error
    }
}
