/// How far a full load or sweep has come, at one moment.
struct LoadProgress: Sendable, Equatable {
    /// Blocks of 300 lead ids that are read and stored.
    var blocksDone: Int
    /// Blocks known so far; grows while the upper end is still being looked for.
    var blocksTotal: Int
    /// Leads read.
    var leads: Int
    /// Calls that are left of the vendor's day; nil when that is not known.
    var callsLeft: Int?
    /// Jobs that are due or running: what was read is still being written down.
    var jobsLeft = 0
}
