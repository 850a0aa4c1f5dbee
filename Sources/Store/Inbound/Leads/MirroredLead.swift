package import FoundationEssentials
package import Sync

/// A lead as it was last read from Marketo, and when.
///
/// A reference, as a plan hands each lead from hand to hand: to copy its dozen texts each time took longer than to decide what becomes of it.
package final class MirroredLead: Sendable {
    /// The lead.
    package let lead: Lead
    /// The database's time from before the read was sent.
    package let observedAt: Date
    /// A short form of its values: equal exactly if nothing changed.
    package let snapshot: Int64
    /// Characters that can't be stored were dropped from one of its texts.
    package let wasCleaned: Bool
    /// Its address, read once.
    let email: EmailAddress.Reading

    init(lead: Lead, observedAt: Date, snapshot: Int64, wasCleaned: Bool) {
        self.lead = lead
        self.observedAt = observedAt
        self.snapshot = snapshot
        self.wasCleaned = wasCleaned
        self.email = EmailAddress.read(lead.email)
    }
}
