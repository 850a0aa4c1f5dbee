package import Sync

/// What became of `tenant add`.
package struct TenantAddition: Sendable, Equatable {
    /// Whether anything had to be stored.
    package enum Outcome: String, Sendable {
        /// It was not there before.
        case created
        /// It was there, with another secret, client, endpoint or setting.
        case changed
        /// It was there, just so.
        case unchanged
    }

    /// Whose number it is.
    package let id: TenantID
    /// Whether anything had to be stored.
    package let outcome: Outcome
    /// Whether its full load has been ordered before; if not, `startTenant` does.
    package let isStarted: Bool
}
