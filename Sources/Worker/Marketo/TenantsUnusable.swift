import Sync
import Synchronization

/// The tenants that this process could not work for and has said so.
final class TenantsUnusable: Sendable {
    private let known = Mutex<Set<TenantID>>([])

    /// True the first time.
    func isNew(_ tenant: TenantID) -> Bool { self.known.withLock { $0.insert(tenant).inserted } }
}
