package import Sync

/// Both sides compared record by record: Marketo's own list of leads against what stands in the database.
///
/// Which of several leads with one address makes the contact, and which lead of a company makes the account, is a matter of order; so a contact must be
/// that of *one* of its leads in every field, and an account that of one of its contacts.
package struct Comparison: Sendable, Equatable {
    /// One each, in the order of the records; none if both sides agree.
    package let differences: [Difference]

    /// Whether both sides agree.
    package var isClean: Bool { self.differences.isEmpty }

    /// Those of one kind.
    package func of(_ kind: Difference.Kind) -> [Difference] { self.differences.filter { $0.kind == kind } }

    /// Compares all that Marketo has with all that is here.
    ///
    /// - Parameters:
    ///   - leads: as they are now.
    ///   - registered: leads as they were when they were registered, where that is not as they are now; those that are gone since, too.
    ///   - side: contacts that the team made itself are no part of it.
    package init(leads: [Lead], registered: [Lead] = [], side: MazricaSide, settings: TenantSettings = TenantSettings()) {
        var inspection = Inspection(leads: leads, registered: registered, side: side, settings: settings)
        inspection.lookAtLeads()
        inspection.lookAtContacts()
        inspection.lookAtAccounts()
        self.differences = inspection.differences
    }
}
