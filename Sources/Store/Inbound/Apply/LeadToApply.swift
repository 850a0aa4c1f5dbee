package import Sync

/// A lead whose contacts are to be brought up to date, and the job that asked for it.
package struct LeadToApply: Sendable {
    /// The lead.
    package let lead: LeadID
    /// The job, for the record.
    package let job: Int64
    /// What this transaction has stored of it; `nil`: it is read when it is its turn.
    let stored: MirroredLead?
    /// Whether it may stand on the quarantine list.
    let mayBeListed: Bool

    /// `lead`, for `job`.
    package init(lead: LeadID, job: Int64) {
        self.lead = lead
        self.job = job
        self.stored = nil
        self.mayBeListed = true
    }

    /// A lead that this transaction has found to be stale, for `job`.
    ///
    /// - Parameter stored: as this transaction has stored it, whose lock on its row keeps it so.
    package init(_ stale: FindStaleLeads.Row, stored: MirroredLead?, job: Int64) {
        self.lead = stale.lead
        self.job = job
        self.stored = stored
        self.mayBeListed = stale.isListed
    }
}
