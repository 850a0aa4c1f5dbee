/// How a command or process ends, as the shell sees it.
///
/// Scripts and timers branch on these numbers: a new meaning is a new number, an old number never changes.
/// Source: `docs/settings.md`, "Exit codes"; 64, 69 and 75 are those of `sysexits.h`.
package enum Ending: Int32, Sendable, Equatable {
    /// What was asked for is so.
    case done = 0
    /// What was asked for did not hold, or failed.
    case failed = 1
    /// The call itself was wrong: an unknown flag, a value that is not allowed, a setting that is missing.
    case usage = 64
    /// The database or the vendor can't be reached.
    case unreachable = 69
    /// Stopped for now by the vendor's quota; it goes on by itself.
    case comesBack = 75
}
