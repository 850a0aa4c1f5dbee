package import FoundationEssentials

/// The time, given from outside so that tests need not wait for it.
package protocol MarketoClock: Sendable {
    /// For durations and lives of tokens; never jumps.
    func now() -> ContinuousClock.Instant
    /// Returns at `instant`, or throws `CancellationError`.
    func sleep(until instant: ContinuousClock.Instant) async throws
    /// The date, only to compare with Marketo's `Date` header.
    func date() -> Date
}

/// The machine's own clocks.
package struct SystemMarketoClock: MarketoClock {
    package init() {}
    package func now() -> ContinuousClock.Instant { ContinuousClock.now }
    package func sleep(until instant: ContinuousClock.Instant) async throws { try await ContinuousClock().sleep(until: instant) }
    package func date() -> Date { Date() }
}
