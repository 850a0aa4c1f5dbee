package import Sync

/// A lead whose contacts are to be brought up to date, and the job that asked for it.
package struct LeadToApply: Sendable {
    /// The lead.
    package let lead: LeadID
    /// The job, for the record.
    package let job: Int64
    /// `lead`, for `job`.
    package init(lead: LeadID, job: Int64) {
        self.lead = lead
        self.job = job
    }
}
