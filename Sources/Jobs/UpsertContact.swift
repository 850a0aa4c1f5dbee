package import JobQueue
package import Sync

/// Brings the contacts of one lead up to date with what was last read of it; makes the contact if there is none.
///
/// - Shape: `{"lead": 1024, "run": 7}`; the run is the one that waits for it, if any does. The lead's fields wait in `sync.lead_mirror`, so a late job applies the newest.
/// - Unique: one waiting job a lead; a second change rides on the first.
/// - Ends: `done` (also for a lead that goes to quarantine), or `dead` if the database itself refuses the record.
package struct UpsertContact: Job {
    package static let kind = "upsert-contact"
    package static let policy = JobPolicy.writesDown(priority: Urgency.apply)
    /// The lead.
    package let lead: LeadID
    /// The run in `sync.runs` in which it was read.
    package let run: Int64?
    package var uniqueKey: String? { "lead:\(self.lead.rawValue)" }
    package init(lead: LeadID, run: Int64? = nil) {
        self.lead = lead
        self.run = run
    }
}
