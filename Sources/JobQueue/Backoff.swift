/// How long a failed job waits: a random time up to a limit that doubles with each failure, so that many failed jobs don't come back as one.
///
/// Full jitter, from zero to `base × 2^(attempt − 1)`, at most `cap`. With the usual base five further tries fall within the first 47 s.
package struct Backoff: Sendable, Equatable {
    /// The limit after the first failure.
    package var base: Duration
    /// No limit is longer.
    package var cap: Duration

    /// A back-off of its own, or the usual one.
    package init(base: Duration = .milliseconds(1_500), cap: Duration = .seconds(600)) {
        self.base = max(base, .zero)
        self.cap = max(cap, .zero)
    }

    /// The longest that a job may wait after its `attempt`th failure.
    package func limit(after attempt: Int) -> Duration {
        // 2^30 times a base of a millisecond is twelve days: past any sensible cap, and far from overflowing.
        min(self.cap, self.base * (1 << min(max(attempt - 1, 0), 30)))
    }

    /// The wait after the `attempt`th failure.
    ///
    /// `chance` is from 0 to 1.
    package func wait(after attempt: Int, chance: Double = .random(in: 0...1)) -> Duration {
        self.limit(after: attempt) * min(max(chance, 0), 1)
    }
}
