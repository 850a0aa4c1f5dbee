/// The activity types that say that a lead may have changed; the raw value is Marketo's number, the same in every subscription.
///
/// They hint, no more: the lead is read again (DESIGN 3). Source: sync-algorithms.md 3.2, marketo-rest.md 5.4.
package enum HintActivity: Int, Sendable, CaseIterable {
    case newLead = 12
    case changeDataValue = 13
    case changeScore = 22
    case mergeLeads = 32
    case deleteLead = 37
    /// 104, "Acquired By": the acquisition date.
    case changeStatusInProgression = 104

    /// The feed of activities is asked for these; changes of data come by `leadchanges`, deletions by `deletedleads`.
    package static let feed: [HintActivity] = [.newLead, .changeScore, .mergeLeads, .changeStatusInProgression]

    /// Whether its lead is to be read again.
    ///
    /// A deleted lead can't be; it is marked (R13).
    package var marksLeadDirty: Bool {
        switch self {
        case .newLead, .changeDataValue, .changeScore, .mergeLeads, .changeStatusInProgression: true
        case .deleteLead: false
        }
    }
}
