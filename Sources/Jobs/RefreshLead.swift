package import JobQueue
package import Sync

/// Reads one lead again, because something hinted that it may have changed.
///
/// Up to 300 of them share a call.
///
/// - Shape: `{"lead": 1024, "run": 7}`. The run is the one that waits for it, if any does.
/// - Unique: one waiting job a lead. A hint that comes while the lead is being read makes a new one, so nothing is missed.
/// - Ends: `done`.
package struct RefreshLead: Job {
    package static let kind = "refresh-lead"
    package static let policy = JobPolicy.asksMarketo(priority: Urgency.hourly, turn: JobPolicy.contactsTurn)
    /// The lead.
    package let lead: LeadID
    /// The run in `sync.runs` on whose behalf it is read.
    package let run: Int64?
    package var uniqueKey: String? { "lead:\(self.lead.rawValue)" }
    package init(lead: LeadID, run: Int64? = nil) {
        self.lead = lead
        self.run = run
    }
}
