/// What became of settings that were laid over a tenant's stored ones.
package struct SettingsChange: Sendable, Equatable {
    /// Whether anything had to be stored.
    package let isChanged: Bool
    /// Settings whose stored value was none, as a hand may have left it; unless they were set now they have their default again.
    package let dropped: [String]
    /// All that is set by hand from now on.
    package let overrides: [String: String]
}
