package import FoundationEssentials
package import Sync

/// How a link stands from now on.
package struct LinkChange: Sendable {
    package let lead: LeadID
    package let contact: ContactID
    /// By which rule it came about; kept as it is for a link that is there.
    package let rule: String
    /// When the read that was applied was sent.
    package let observedAt: Date
    /// What it held.
    package let snapshot: Int64
}
