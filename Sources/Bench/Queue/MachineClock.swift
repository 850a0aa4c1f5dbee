import Glibc

/// The machine's clock, which all processes on it read alike.
enum MachineClock {
    /// Since the machine was started.
    static var nanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
