package import Sync

/// Leads as they are now: the whole answer to one question.
///
/// A lead that was asked for and is not here is gone, merged, or out of the API user's sight; Marketo does not say which.
package struct LeadPage: Sendable {
    /// In the order received.
    ///
    /// A field that is absent and one that is `null` both read as "nothing".
    package let leads: [Lead]
    /// The values of the further fields that were asked for, by lead and REST name; empty when none were.
    package let others: [LeadID: [String: FieldValue]]
    /// Leads with a value that is not of its field's type.
    package let unreadable: [UnreadableRecord]
}

extension LeadPage {
    init(_ rows: [LeadRow]) {
        self.leads = rows.compactMap { $0.lead }
        self.unreadable = rows.compactMap { $0.unreadable }
        var others: [LeadID: [String: FieldValue]] = [:]
        for row in rows where !row.others.isEmpty {
            if let lead = row.lead { others[lead.id] = row.others }
        }
        self.others = others
    }
}
