package import FoundationEssentials
import Postgres
package import Sync

/// A Mazrica company with its Marketo subscription, as it was set up.
package struct Tenant: Sendable, Equatable {
    /// Its number, the same in every schema.
    package let id: TenantID
    /// What operators call it.
    package let name: String
    /// What the vendor's limits are counted by.
    package let subscription: SubscriptionID
    /// Marketo's name for that subscription: the Munchkin id in small letters, or the whole host.
    package let account: String
    /// Where Marketo's REST service is.
    package let endpoint: String
    /// Who we are to Marketo.
    package let clientID: String
    /// The client secret, unreadable without the master key; see `clientSecret(by:)`.
    package let sealedSecret: SealedSecret
    /// What was set by hand, keys as in CONTRACT 3; what is absent has its default.
    ///
    /// See `settings()`.
    package let overrides: [String: String]
    /// When it was set up.
    package let createdAt: Date
    /// When its one full load was ordered; nil until then.
    package let startedAt: Date?
    /// Since when Marketo refuses the credentials; nil if it does not.
    package let authRefusedAt: Date?

    static let secretField = "client_secret"

    /// Every setting, those set by hand over the defaults.
    ///
    /// - Ends: `SettingError` if a stored value is none, as a hand may have left it.
    package func settings() throws(SettingError) -> TenantSettings { try TenantSettings(overrides: self.overrides) }

    /// The client secret in readable form.
    package func clientSecret(by cipher: CredentialCipher) throws(CredentialError) -> Secret {
        try cipher.open(self.sealedSecret, tenant: self.name, field: Self.secretField)
    }
}

extension Tenant {
    /// The columns that `init(row:)` reads, in its order.
    static let columns = """
        tenants.id, tenants.name, tenants.subscription_id, subscriptions.account, tenants.endpoint, tenants.client_id, tenants.secret,
        tenants.secret_key_id, tenants.settings::text, tenants.created_at, tenants.started_at, tenants.auth_refused_at
        """

    init(row: PostgresRow) throws(PostgresError) {
        self.id = TenantID(rawValue: try row.decode(0))
        self.name = try row.decode(1)
        self.subscription = SubscriptionID(rawValue: try row.decode(2))
        self.account = try row.decode(3)
        self.endpoint = try row.decode(4)
        self.clientID = try row.decode(5)
        self.sealedSecret = SealedSecret(keyID: try row.decode(7), box: try row.decode(6))
        self.overrides = SettingsJSON.map(try row.decode(8))
        self.createdAt = try row.decode(9)
        self.startedAt = try row.decode(10)
        self.authRefusedAt = try row.decode(11)
    }
}
