package import Sync

/// Leads as they are now, at most 300.
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
    /// Where the next page begins; `nil` on the last one.
    package let nextPageToken: String?
    /// Whether there is a next page.
    package let moreResult: Bool
}

extension LeadPage {
    init(_ envelope: Envelope<LeadRow>) {
        self.leads = envelope.records.compactMap { $0.lead }
        self.unreadable = envelope.records.compactMap { $0.unreadable }
        var others: [LeadID: [String: FieldValue]] = [:]
        for row in envelope.records where !row.others.isEmpty {
            if let lead = row.lead { others[lead.id] = row.others }
        }
        self.others = others
        self.nextPageToken = envelope.nextPageToken
        // Lists of leads leave it out and give a token only when there is more.
        self.moreResult = envelope.moreResult ?? (envelope.nextPageToken != nil)
    }
}
