/// The simulator's own time: it can run fast, stand still, or be somewhere else.
///
/// The owner brings the machine's uptime. It stays within the years 1970 to 9999.
package struct SimulatedClock: Sendable {
    /// What it can show, in milliseconds.
    private static let range: ClosedRange<Int64> = 0...253_402_300_799_999
    /// The fastest it runs: a century in an hour.
    private static let fastest = 1_000_000.0

    private var anchorUptime: Int64
    private var anchorMilliseconds: Int64
    /// Simulated seconds for each real one; 0 stands still.
    package private(set) var speed: Double

    /// - Parameters:
    ///   - milliseconds: The simulated time now, since 1970.
    ///   - uptime: The machine's uptime now, in nanoseconds.
    package init(milliseconds: Int64, uptime: Int64, speed: Double = 1) {
        self.anchorMilliseconds = Int64(clamping: Double(milliseconds), to: Self.range)
        self.anchorUptime = uptime
        self.speed = Self.allowed(speed)
    }

    /// Milliseconds since 1970.
    package func milliseconds(at uptime: Int64) -> Int64 {
        let passed = uptime - self.anchorUptime
        if self.speed == 1 { return min(Self.range.upperBound, self.anchorMilliseconds + passed / 1_000_000) }
        return Int64(clamping: Double(self.anchorMilliseconds) + (Double(passed) / 1_000_000 * self.speed).rounded(.down), to: Self.range)
    }

    /// Jumps to a time and goes on from there.
    package mutating func set(milliseconds: Int64, at uptime: Int64) {
        self.anchorMilliseconds = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
        self.anchorUptime = uptime
    }

    /// Jumps by so many seconds, back with a negative number.
    package mutating func advance(seconds: Double, at uptime: Int64) {
        let target = Double(self.milliseconds(at: uptime)) + (seconds * 1_000).rounded(.down)
        self.set(milliseconds: Int64(clamping: target, to: Self.range), at: uptime)
    }

    /// Runs at another speed from now on.
    package mutating func run(speed: Double, at uptime: Int64) {
        self.set(milliseconds: self.milliseconds(at: uptime), at: uptime)
        self.speed = Self.allowed(speed)
    }

    private static func allowed(_ speed: Double) -> Double { speed > 0 ? min(speed, self.fastest) : 0 }
}
