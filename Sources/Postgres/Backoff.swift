/// How long to wait before trying to connect again: half fixed, half by chance, doubling from 100 ms to 5 s, so that a fleet does not come back as one.
enum Backoff {
    private static let first = Duration.milliseconds(100)
    private static let longest = Duration.seconds(5)

    /// - Parameter failures: how many came before this one.
    /// - Parameter jitter: by chance, from 0 to 1.
    static func wait(after failures: Int, jitter: Double) -> Duration {
        let half = Self.half(after: failures)
        return half + half * min(max(jitter, 0), 1)
    }

    /// The fixed half; as much again is left to chance.
    static func half(after failures: Int) -> Duration {
        min(Self.first * (1 << min(max(failures, 0), 10)), Self.longest) / 2
    }
}
