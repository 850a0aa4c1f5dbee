package import Sync

/// What a lead did, as it was read some minutes ago at most.
package struct ActivityRead: Sendable, Equatable {
    package let lead: LeadID
    package let activities: [LeadActivity]
    /// False when the calls of a click did not reach the end.
    package let isWhole: Bool

    package init(lead: LeadID, activities: [LeadActivity], isWhole: Bool) {
        self.lead = lead
        self.activities = activities
        self.isWhole = isWhole
    }
}
