package import Sync

/// An account that was found for what was asked.
package struct FoundAccount: Sendable {
    /// The place of what was asked, counted from 0.
    package let place: Int
    /// The account.
    package let account: AccountID
}
