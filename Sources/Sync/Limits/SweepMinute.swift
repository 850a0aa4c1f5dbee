/// The minute of the hour at which a tenant's sync starts: fixed, and spread over the tenants.
///
/// Source: R11.
package struct SweepMinute: Hashable, Sendable {
    /// 0 to 59.
    package let minute: Int
    /// 0 to 59: within the minute, so that not all tenants of a minute start together.
    package let second: Int

    /// The one that is set, else by the name; the same on every machine and after every restart.
    package init(tenant name: String, settings: TenantSettings) {
        let hash = StableHash(name).value
        self.minute = settings.sweepMinute ?? Int(hash % 60)
        self.second = Int(hash / 60 % 60)
    }
}
