import Sync

/// A lead for whose contact an account is looked for.
struct AccountCase {
    let lead: LeadID
    let plan: AccountPlan
    /// The job that does it, for the record.
    let job: Int64
    /// What was found or made.
    var home: AccountHome?
}
