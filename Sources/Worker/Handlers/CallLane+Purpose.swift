import Jobs
import Store

extension CallLane {
    /// The calls that a block may use.
    init(_ purpose: BlockPurpose) {
        switch purpose {
        case .load: self = .backfill
        case .frontier: self = .hourly
        case .sweep: self = .sweep
        }
    }
}
