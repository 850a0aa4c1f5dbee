package import FoundationEssentials
package import Sync

/// Something that happened to a lead, as Marketo wrote it down.
///
/// It comes late and back-dated, repeated, and in no sure order: a hint that the lead should be read again, never the truth about it.
package struct Activity: Sendable, Equatable {
    /// Marketo's key for it, at most 128 characters; `nil` only in very old answers.
    package let marketoGUID: String?
    /// Being replaced: may be missing, is not unique, does not follow time.
    package let id: Int64?
    /// Whom it happened to; of a merge, the lead that stays.
    package let leadID: LeadID
    /// When it happened, which may be hours before it was written.
    package let date: Date
    /// What happened; the ones that the sync knows are in ``ActivityTypeID``.
    package let typeID: Int
    /// The smart campaign that caused it.
    package let campaignID: Int64?
    /// The number of what it is mainly about: a mail, a page, a field.
    package let primaryAttributeID: Int64?
    /// The name of what it is mainly about.
    package let primaryAttribute: String?
    /// Details, as far as they are not empty.
    package let attributes: [Attribute]
    /// The fields that changed; only in the lead changes feed.
    package let changes: [Change]

    /// One detail.
    package struct Attribute: Sendable, Equatable {
        /// As Marketo calls it, `Change Value`.
        package let name: String
        /// Typed as received; a list becomes its JSON as text.
        package let value: FieldValue
    }

    /// One field's change.
    package struct Change: Sendable, Equatable {
        /// The REST name.
        package let field: String
        /// Before; `.null` when there was none.
        package let oldValue: FieldValue
        /// After; `.null` when it was cleared.
        package let newValue: FieldValue
    }

    /// The first detail called `name`.
    package subscript(name: String) -> FieldValue? { self.attributes.first { $0.name == name }?.value }
}

extension Activity {
    /// The leads that were merged into this one and are gone; empty unless this is a merge (type 32).
    ///
    /// "Merge IDs" comes as a JSON list, as the text of one, or as numbers separated by commas.
    package var mergedLeads: [LeadID] {
        guard self.typeID == ActivityTypeID.mergeLeads, let value = self["Merge IDs"] else { return [] }
        let text: String
        switch value {
        case .integer(let number): text = String(number)
        case .decimal(let number): text = String(number)
        case .text(let list): text = list
        case .null, .boolean, .moment: return []
        }
        return MergeIDs.parse(text).filter { $0 != self.leadID }
    }

    /// Whether a programme acquired the lead here, which sets its Acquisition Date (type 104 with "Acquired By").
    package var isAcquisition: Bool {
        guard self.typeID == ActivityTypeID.changeStatusInProgression else { return false }
        switch self["Acquired By"] {
        case .boolean(let flag): return flag
        case .text(let text): return text.lowercased() == "true"
        case .integer(let number): return number == 1
        case .null, .decimal, .moment, nil: return false
        }
    }
}
