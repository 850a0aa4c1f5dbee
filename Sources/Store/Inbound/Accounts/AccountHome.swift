package import Sync

/// An account that was found for a contact, and by which rule.
package struct AccountHome: Sendable {
    /// The account.
    package let account: AccountID
    /// What the record calls the rule.
    package let rule: String
}
