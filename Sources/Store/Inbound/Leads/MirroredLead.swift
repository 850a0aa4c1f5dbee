package import FoundationEssentials
package import Sync

/// A lead as it was last read from Marketo, and when.
package struct MirroredLead: Sendable {
    /// The lead.
    package let lead: Lead
    /// The database's time from before the read was sent.
    package let observedAt: Date
    /// A short form of its values: equal exactly if nothing changed.
    package let snapshot: Int64
    /// Characters that can't be stored were dropped from one of its texts.
    package let wasCleaned: Bool
}
