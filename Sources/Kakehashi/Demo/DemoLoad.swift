import Sync

/// How things stood when the demo's full load was done, before anything changed.
struct DemoLoad: Sendable {
    /// All that Marketo had.
    let leads: [Lead]
    /// Leads that the load saw.
    let seen: Int
    /// Calls that read leads.
    let calls: Int
    /// How long it took.
    let time: Duration
    /// Leads that could not be registered.
    let quarantined: [LeadID]
}
