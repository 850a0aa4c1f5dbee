/// What a block of leads is read for; it decides how urgent that is, and which calls of the day it may use.
package enum BlockPurpose: String, Codable, Sendable {
    /// The full load.
    case load
    /// New ids far above those known.
    case frontier
    /// Reading again what has probably not changed.
    case sweep

    /// How urgent it is.
    package var urgency: Int {
        switch self {
        case .load: Urgency.backfill
        case .frontier: Urgency.hourly
        case .sweep: Urgency.sweep
        }
    }
}
