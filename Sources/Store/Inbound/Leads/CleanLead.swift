package import Sync

/// A lead whose texts can be stored: U+0000, which no database text holds, is dropped and noted (CONTRACT 5).
package struct CleanLead: Sendable {
    /// The lead without U+0000.
    package let lead: Lead
    /// There was one.
    package let wasCleaned: Bool

    /// `lead`, cleaned.
    package init(_ lead: Lead) {
        var clean = lead
        self.wasCleaned = !clean.dropNullCharacters().isEmpty
        self.lead = clean
    }
}
