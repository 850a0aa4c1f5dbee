import Postgres

@testable import JobQueue

extension [JobClaim.Row] {
    /// The taken jobs, in order.
    var jobs: [JobClaimed] { get throws { try JobClaim.jobs(in: self) } }
    /// What the claim saw.
    var sight: JobClaim.Sight? { self.lazy.compactMap(\.sight).first }
}
