/// The minute of the hour at which a tenant's sync starts: fixed, and spread over the tenants.
///
/// Source: R11.
package struct SweepMinute: Hashable, Sendable {
    /// 0 to 59.
    package let minute: Int

    /// The one that is set, else by the name; the same on every machine and after every restart.
    package init(tenant name: String, settings: TenantSettings) {
        self.minute = settings.sweepMinute ?? Int(StableHash(name).value % 60)
    }
}
