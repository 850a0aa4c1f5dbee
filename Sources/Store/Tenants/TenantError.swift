/// Why a tenant can't be stored or found; each is one sentence for the operator.
package enum TenantError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No tenant has this name.
    case unknown(name: String)
    /// The name is taken by a tenant of another Marketo subscription, whose lead ids mean other leads.
    case otherSubscription(name: String, account: String)
    /// Its removal was begun and not finished.
    case beingRemoved(name: String)
    /// An empty name, or one that is too long.
    case invalidName

    /// Whether a tenant may be called so.
    ///
    /// - Ends: `invalidName`.
    package static func check(name: String) throws(TenantError) {
        guard !name.isEmpty, name.unicodeScalars.count <= 200, !name.unicodeScalars.contains("\u{0}") else { throw .invalidName }
    }

    /// One safe sentence.
    package var description: String {
        switch self {
        case .unknown(let name):
            "There is no tenant named \(name)."
        case .otherSubscription(let name, let account):
            "The tenant \(name) is connected with another Marketo subscription (\(account)); remove it first, or choose another name."
        case .beingRemoved(let name):
            "The removal of the tenant \(name) is not finished; repeat it first (kakehashi tenant remove \(name))."
        case .invalidName:
            "A tenant's name has 1 to 200 characters."
        }
    }
}
