package import Sync

/// What `tenant add` stores.
package struct NewTenant: Sendable {
    /// What operators will call it.
    package let name: String
    /// Where Marketo's REST service is; also tells which subscription it is.
    package let endpoint: MarketoEndpoint
    /// Who we are to Marketo.
    package let clientID: String
    /// What proves it.
    package let clientSecret: Secret
    /// Settings given along; others that are stored already stay as they are.
    package let settings: TenantSettings

    /// All there is to store.
    package init(name: String, endpoint: MarketoEndpoint, clientID: String, clientSecret: Secret, settings: TenantSettings = TenantSettings()) {
        self.name = name
        self.endpoint = endpoint
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.settings = settings
    }
}
