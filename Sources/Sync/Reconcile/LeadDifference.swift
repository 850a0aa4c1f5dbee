/// A lead of which the two sides do not say the same.
package struct LeadDifference: Hashable, Sendable {
    /// In what way; the raw value is the list's name in CONTRACT 3.
    package enum Kind: String, Sendable, CaseIterable, Comparable {
        /// It is in Marketo, and here is neither a contact of it nor a reason why there is none.
        case missing
        /// Its contact, or its entry on the quarantine list, is not what its present state demands.
        case stale
        /// Marketo does not show it, and here it is shown as if it were there; or a contact shows it that no link knows of.
        case extra

        /// In the order of the report.
        package static func < (left: Kind, right: Kind) -> Bool { left.rank < right.rank }
        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// In what way.
    package let kind: Kind
    /// Which lead.
    package let lead: LeadID
    /// Which contact, if it is one's.
    package let contact: ContactID?
    /// One sentence, without what the records hold.
    package let text: String

    /// `lead` differs.
    package init(_ kind: Kind, _ lead: LeadID, contact: ContactID? = nil, _ text: String) {
        self.kind = kind
        self.lead = lead
        self.contact = contact
        self.text = text
    }
}
