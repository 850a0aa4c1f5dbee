package import Sync

/// What a Marketo administrator gives us: where the subscription answers, and who we are to it.
///
/// Source: R37–R39.
package struct MarketoCredentials: Sendable, Hashable {
    /// The subscription's address.
    package let endpoint: MarketoEndpoint
    /// The custom service's client id.
    package let clientID: String
    /// The custom service's client secret.
    package let clientSecret: Secret

    package init(endpoint: MarketoEndpoint, clientID: String, clientSecret: Secret) {
        self.endpoint = endpoint
        self.clientID = clientID
        self.clientSecret = clientSecret
    }
}
