import Runtime

/// Reads the whole numbers of a command's flags, each by its name.
struct WholeNumbers: Sendable {
    let environment: Environment

    /// The flag's value, or that of its variable, or the usual.
    ///
    /// - Ends: `Complaint` naming it, its value's shape and what is allowed.
    func callAsFunction(_ name: String, _ flag: String?, _ range: ClosedRange<Int>, _ fallback: Int) throws(Complaint) -> Int {
        try Setting<Int>.number(name, in: range, fallback: fallback).value(flag: flag, environment: self.environment)
    }
}
