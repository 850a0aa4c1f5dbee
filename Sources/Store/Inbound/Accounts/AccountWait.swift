package import Sync

/// A contact that waits for its account.
package struct AccountWait: Sendable {
    /// The contact.
    package let contact: ContactID
    /// The lead that tells which account.
    package let lead: LeadID
    /// By what the account is looked for, in its bounded form.
    package let key: String
}
