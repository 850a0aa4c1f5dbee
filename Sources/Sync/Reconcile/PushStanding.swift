/// What Marketo should show of a lead because of what sales did, as the whole story says it, and how the sending of it stands.
package struct PushStanding: Hashable, Sendable {
    /// How it stands with one field.
    package enum Rest: Hashable, Sendable {
        /// It is on its way, or nobody sends it for a reason that is listed elsewhere.
        case underWay
        /// Marketo has confirmed it; what Marketo shows should be it.
        case confirmed
        /// It was laid aside because the field was not there.
        case laidAside
        /// Nobody has noted that it is to be sent.
        case unnoted
    }

    /// The lead.
    package let lead: LeadID
    /// The contact whose value it is.
    package let contact: ContactID
    /// The field's REST name.
    package let field: String
    /// By the story; `nil` = nothing.
    package let expected: String?
    /// How it stands.
    package let rest: Rest

    package init(lead: LeadID, contact: ContactID, field: String, expected: String?, rest: Rest) {
        self.lead = lead
        self.contact = contact
        self.field = field
        self.expected = expected
        self.rest = rest
    }

    /// What differs from what Marketo shows in this field; `shown` holds a value only if the field was asked for and is there.
    func difference(from shown: [String: String?]?) -> LeadDifference? {
        // A field that Marketo does not have is told by a note, once, not by each lead.
        guard let shown, let value = shown[self.field] else { return nil }
        switch self.rest {
        case .underWay: return nil
        case .confirmed where value == self.expected: return nil
        case .confirmed:
            return LeadDifference(.stale, self.lead, contact: self.contact, "its \(self.field) is not what contact \(self.contact)'s story says")
        case .laidAside, .unnoted:
            guard value != self.expected else { return nil }
            return LeadDifference(.stale, self.lead, contact: self.contact, "contact \(self.contact)'s story was not sent to its \(self.field)")
        }
    }
}
