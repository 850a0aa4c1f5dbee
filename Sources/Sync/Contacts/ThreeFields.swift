package import FoundationEssentials

/// The only values that go from Marketo to a contact which is already there.
///
/// Source: R63, R64.
package struct ThreeFields: Hashable, Sendable {
    /// Lead ID.
    package let leadID: LeadID?
    /// Lead Score.
    package let score: Int?
    /// Acquisition Date.
    package let acquisitionDate: Date?

    package init(leadID: LeadID?, score: Int?, acquisitionDate: Date?) {
        self.leadID = leadID
        self.score = score
        self.acquisitionDate = acquisitionDate
    }

    /// What a lead says, nulls included (R29).
    package init(_ lead: Lead) { self.init(leadID: lead.id, score: lead.leadScore, acquisitionDate: lead.acquisitionDate) }

    /// What changes when `self` becomes `new`, for the audit; empty = nothing to write, so `updated_at` stays.
    package func changes(to new: ThreeFields, rule: MatchRule) -> [FieldChange] {
        [
            FieldChange("lead_id", self.leadID?.description, new.leadID?.description, rule),
            FieldChange("lead_score", self.score.map(String.init), new.score.map(String.init), rule),
            FieldChange("acquisition_date", self.acquisitionDate.map(Self.text), new.acquisitionDate.map(Self.text), rule),
        ].filter { $0.old != $0.new }
    }

    private static func text(_ date: Date) -> String { date.formatted(.iso8601) }
}
