package import FoundationEssentials

/// A contact that may be one of the leads in hand: it is linked with one of them, shows the id of one, or has the e-mail address of one.
package struct ContactCandidate: Hashable, Sendable {
    package let id: ContactID
    /// Its e-mail address as compared.
    package let emailKey: EmailKey?
    package let createdAt: Date
    /// Deleted by a user: it matches nobody, and holds its leads back (D9).
    package let isDeleted: Bool
    package let hasAccount: Bool
    /// What it shows now.
    package let shown: ThreeFields
    /// All leads linked with it, those outside the batch included.
    package let leads: Set<LeadID>

    package init(
        id: ContactID, emailKey: EmailKey?, createdAt: Date, isDeleted: Bool = false, hasAccount: Bool = true,
        shown: ThreeFields = ThreeFields(leadID: nil, score: nil, acquisitionDate: nil), leads: Set<LeadID> = []
    ) {
        self.id = id
        self.emailKey = emailKey
        self.createdAt = createdAt
        self.isDeleted = isDeleted
        self.hasAccount = hasAccount
        self.shown = shown
        self.leads = leads
    }
}
