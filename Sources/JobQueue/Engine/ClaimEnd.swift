import Postgres

/// What became of a claim.
struct ClaimEnd: Sendable {
    /// A claim that was sent as soon as the answer to the one before had come, before that was even read: so the server does not wait for us while there
    /// is more work than one claim brings.
    typealias Following = Task<Result<ClaimEnd?, PostgresError>, Never>

    /// What it saw.
    let sight: JobClaim.Sight
    /// What follows it, and how far that looks.
    let next: ClaimPace.Next
    let pace: ClaimPace
    /// How many jobs it took.
    var taken = 0
    /// Why what it took could not be read: nobody runs that.
    var failure: PostgresError?
    /// It looked for all who have work, not only in the lines of the claim before.
    let hasLookedRound: Bool
    var following: Following?

    init(sight: JobClaim.Sight, next: ClaimPace.Next, pace: ClaimPace, hasLookedRound: Bool) {
        self.sight = sight
        self.next = next
        self.pace = pace
        self.hasLookedRound = hasLookedRound
    }
}
