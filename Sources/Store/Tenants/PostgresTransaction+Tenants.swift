package import Postgres
package import Sync

/// Setting tenants up. Each is part of the caller's transaction, so that the jobs which follow are enqueued with it or not at all.
extension PostgresTransaction {
    /// Stores a tenant, or what is new of it.
    ///
    /// The same again, also with a new secret, starts nothing: see `startTenant`.
    /// - Ends: `TenantError.otherSubscription` if the name belongs to another Marketo subscription; `beingRemoved` if it is half gone.
    package func addTenant(_ new: NewTenant, sealedBy cipher: CredentialCipher) async throws -> TenantAddition {
        try TenantError.check(name: new.name)
        guard let id = try await self.first(TenantNumber(name: new.name)),
            let subscription = try await self.first(SubscriptionNumber(account: new.endpoint.subscriptionAccount))
        else { throw TenantError.unknown(name: new.name) }
        guard let stored = try await self.first(TenantLock(id: id)) else {
            let secret = try cipher.seal(new.clientSecret, tenant: new.name, field: Tenant.secretField)
            try await self.execute(TenantInsert(id: id, new: new, subscription: subscription, secret: secret))
            return TenantAddition(id: id, outcome: .created, isStarted: false)
        }
        if try await self.first(TenantIsBeingRemoved(id: id)) == true { throw TenantError.beingRemoved(name: new.name) }
        guard stored.subscription == subscription else {
            throw TenantError.otherSubscription(name: new.name, account: stored.account)
        }
        var outcome = TenantAddition.Outcome.unchanged
        // A secret that no key opens any more is replaced like one that is different.
        let storedSecret = try? stored.clientSecret(by: cipher)
        let isSealedAnew = stored.sealedSecret.keyID != cipher.currentKeyID
        if storedSecret != new.clientSecret || isSealedAnew || stored.endpoint != new.endpoint.base || stored.clientID != new.clientID {
            let secret = try cipher.seal(new.clientSecret, tenant: new.name, field: Tenant.secretField)
            try await self.execute(TenantCredentialsUpdate(id: id, endpoint: new.endpoint.base, clientID: new.clientID, secret: secret))
            outcome = .changed
        }
        if try await self.changeSettings(of: stored, to: new.settings.overrides).isChanged { outcome = .changed }
        return TenantAddition(id: id, outcome: outcome, isStarted: stored.startedAt != nil)
    }

    /// Lays settings, as a person types them, over a tenant's stored ones, in turn with everybody else who does.
    ///
    /// - Ends: `TenantError.unknown`; `SettingError` naming what is allowed, and then nothing is stored.
    @discardableResult
    package func setTenant(named name: String, _ settings: [String: String]) async throws -> SettingsChange {
        guard let found = try await self.first(TenantByName(name: name)), let tenant = try await self.first(TenantLock(id: found.id)) else {
            throw TenantError.unknown(name: name)
        }
        return try await self.changeSettings(of: tenant, to: settings)
    }

    /// `tenant` is locked.
    ///
    /// A stored value that is none is replaced or dropped: one that a hand has left must not be in the way of all others for ever.
    private func changeSettings(of tenant: Tenant, to changes: [String: String]) async throws -> SettingsChange {
        var settings = TenantSettings()
        var dropped: [String] = []
        for (key, value) in tenant.overrides.sorted(by: { $0.key < $1.key }) {
            do { try settings.set(key, value) } catch { dropped.append(key) }
        }
        for (key, value) in changes.sorted(by: { $0.key < $1.key }) { try settings.set(key, value) }
        dropped.removeAll { settings.overrides[$0] != nil }
        let isChanged = settings.overrides != tenant.overrides
        if isChanged { try await self.execute(TenantSettingsUpdate(id: tenant.id, settings: settings.overrides)) }
        return SettingsChange(isChanged: isChanged, dropped: dropped, overrides: settings.overrides)
    }

    /// True for exactly one caller ever: the one who is to enqueue the full load, in this very transaction (R9).
    package func startTenant(_ id: TenantID) async throws(PostgresError) -> Bool {
        try await self.execute(TenantStart(id: id)) > 0
    }
}
