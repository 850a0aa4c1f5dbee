import FoundationEssentials
import Jobs
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
    /// So often a second look begins anew because its token is refused.
    static let mostRestarts = 5
    /// Deleted leads are asked for four times a day.
    static let deletedLeadsEvery: TimeInterval = 6 * 3_600

    /// How many hours the second look of each hourly sync goes back, and that of each night.
    static let hourlyTail = 3
    static let nightlyTail = 26
    /// A feed that was not read for longer than this is looked at once more from a day and two hours before.
    static let longSilence: TimeInterval = 3 * 3_600

    /// After how long without a look a feed has a gap: a little less than Marketo keeps deletions (14 days) and changes (90 days).
    static func gap(of stream: ChangeStream) -> TimeInterval {
        switch stream {
        case .deletedLeads: 13 * 86_400
        case .activities, .leadChanges: 80 * 86_400
        }
    }

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
