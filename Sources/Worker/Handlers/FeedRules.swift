import FoundationEssentials
import Marketo

/// What is asked of the change feeds, and from when on.
///
/// Source: sync-algorithms.md 3.2–3.5.
enum FeedRules {
    /// A feed begins two hours before the full load, for activities are written late.
    static let firstLookBack: TimeInterval = 2 * 3_600
    /// A new token for a feed that lost its own goes back a day and two hours.
    static let restartLookBack: TimeInterval = 26 * 3_600
    /// So many pages without a record in a row are no feed any more.
    static let mostEmptyPages = 500
    /// So often in a row the same token may come back; once or twice happens.
    static let mostRepeatedTokens = 3
    /// Deleted leads are asked for four times a day.
    static let deletedLeadsEvery: TimeInterval = 6 * 3_600

    /// New leads, score changes, merges, acquisitions.
    static let types = [
        ActivityTypeID.newLead, ActivityTypeID.changeScore, ActivityTypeID.mergeLeads, ActivityTypeID.changeStatusInProgression,
    ]

    /// The fields whose change matters after a contact was made, and the e-mail, whose change may heal a lead in quarantine.
    ///
    /// - Parameter acquisitionField: what Marketo calls the acquisition date; `nil` if the subscription has no such field.
    static func fields(_ acquisitionField: String?) -> [String] { ["email", "leadScore"] + [acquisitionField].compactMap(\.self) }

    /// Marketo does not take the paging token; documented is no code for it, so each that says "not like this" counts.
    static func refusesToken(_ error: MarketoError) -> Bool {
        guard error.operation == .activities || error.operation == .leadChanges || error.operation == .deletedLeads else { return false }
        switch error.code {
        case .rejected, .addressTooLong: return true
        default: return false
        }
    }
}
