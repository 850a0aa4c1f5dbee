/// What one read said of a lead, in a few bytes: two are equal if nothing that matters has changed in between.
///
/// Meant to be compared within one process.
package enum LeadGlimpse: Hashable, Sendable {
    /// It was not in the answer.
    case absent
    /// It was, with a value that is none.
    case unreadable
    /// It was; `updatedAt` is no part of it, for that moves with fields that nobody here looks at.
    case present(Int)

    /// Of a lead that was read.
    package init(_ lead: Lead) {
        var lead = lead
        lead.updatedAt = nil
        self = .present(lead.hashValue)
    }
}
