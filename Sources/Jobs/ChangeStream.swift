/// The three feeds of hints that Marketo has.
///
/// Source: sync-algorithms.md 3.2.
package enum ChangeStream: String, Codable, Sendable, CaseIterable {
    /// New leads, merges, score changes, acquisitions (activity types 12, 32, 22, 104).
    case activities
    /// Changes of the fields e-mail, score and acquisition date (types 12, 13). Score changes alone are not in it.
    case leadChanges = "leadchanges"
    /// Deleted leads (type 37); Marketo keeps them for 14 days.
    case deletedLeads = "deletedleads"
}
