/// What is asked of Marketo, apart from its values.
///
/// Source: paths and server time limits of the API reference, sections 1, 3.1, 3.5, 4 and 5.
package enum MarketoOperation: String, Sendable, CaseIterable {
    case identity = "identity"
    case leadsByID = "leads-by-id"
    case leadsByEmail = "leads-by-email"
    case syncLeads = "sync-leads"
    case describe = "describe"
    case pagingToken = "paging-token"
    case activities = "activities"
    case leadChanges = "lead-changes"
    case deletedLeads = "deleted-leads"
    case activityTypes = "activity-types"
    case usage = "usage"

    /// The path without any value in it, so that it can stand in a log, a ledger or a metric.
    package var pathTemplate: String {
        switch self {
        case .identity: "/identity/oauth/token"
        case .leadsByID, .leadsByEmail, .syncLeads: "/rest/v1/leads.json"
        case .describe: "/rest/v1/leads/describe.json"
        case .pagingToken: "/rest/v1/activities/pagingtoken.json"
        case .activities: "/rest/v1/activities.json"
        case .leadChanges: "/rest/v1/activities/leadchanges.json"
        case .deletedLeads: "/rest/v1/activities/deletedleads.json"
        case .activityTypes: "/rest/v1/activities/types.json"
        case .usage: "/rest/v1/stats/usage.json"
        }
    }

    /// Whether it can change something in Marketo, so that a lost answer leaves a question open.
    package var isWrite: Bool {
        switch self {
        case .syncLeads: true
        case .identity, .leadsByID, .leadsByEmail, .describe, .pagingToken, .activities, .leadChanges, .deletedLeads, .activityTypes, .usage: false
        }
    }

    /// How long Marketo itself works on it before it gives up.
    package var vendorTimeLimit: Duration {
        switch self {
        case .identity, .describe, .activities, .leadChanges, .deletedLeads, .activityTypes, .usage: .seconds(30)
        case .leadsByID, .leadsByEmail: .seconds(60)
        case .syncLeads: .seconds(90)
        case .pagingToken: .seconds(300)
        }
    }
}
