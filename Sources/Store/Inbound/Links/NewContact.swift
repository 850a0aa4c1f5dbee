package import FoundationEssentials
package import Sync

/// A contact as it is made from a lead: everything is written once, here (R5, R27).
package struct NewContact: Sendable {
    /// Its id, taken beforehand.
    package let id: ContactID
    /// The lead it is made from.
    package let lead: LeadID
    /// The job that does it.
    package let job: Int64
    package let name: String
    package let email: String?
    package let phone: String?
    package let mobilePhone: String?
    package let department: String?
    package let title: String?
    /// The lead it shows; another one than `lead` if a lower one with the same address came in the same batch.
    package var shownLead: LeadID
    package var leadScore: Int?
    package var acquisitionDate: Date?
    /// Its account, if that is there already (R46).
    package var home: AccountHome?
}
