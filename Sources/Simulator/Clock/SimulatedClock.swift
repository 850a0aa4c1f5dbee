/// The simulator's own time: it can run fast, stand still, or be somewhere else.
///
/// The owner brings the machine's uptime.
package struct SimulatedClock: Sendable {
    private var anchorUptime: Int64
    private var anchorMilliseconds: Int64
    /// Simulated seconds for each real one; 0 stands still.
    package private(set) var speed: Double

    /// - Parameters:
    ///   - milliseconds: The simulated time now, since 1970.
    ///   - uptime: The machine's uptime now, in nanoseconds.
    package init(milliseconds: Int64, uptime: Int64, speed: Double = 1) {
        self.anchorMilliseconds = milliseconds
        self.anchorUptime = uptime
        self.speed = speed
    }

    /// Milliseconds since 1970.
    package func milliseconds(at uptime: Int64) -> Int64 {
        if self.speed == 1 { return self.anchorMilliseconds + (uptime - self.anchorUptime) / 1_000_000 }
        return self.anchorMilliseconds + Int64(Double(uptime - self.anchorUptime) / 1_000_000 * self.speed)
    }

    /// Jumps to a time and goes on from there.
    package mutating func set(milliseconds: Int64, at uptime: Int64) {
        self.anchorMilliseconds = milliseconds
        self.anchorUptime = uptime
    }

    /// Jumps by so many milliseconds, back with a negative number.
    package mutating func advance(milliseconds: Int64, at uptime: Int64) {
        self.set(milliseconds: self.milliseconds(at: uptime) + milliseconds, at: uptime)
    }

    /// Runs at another speed from now on.
    package mutating func run(speed: Double, at uptime: Int64) {
        self.set(milliseconds: self.milliseconds(at: uptime), at: uptime)
        self.speed = max(0, speed)
    }
}
