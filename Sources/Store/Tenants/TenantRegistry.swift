package import Postgres
package import Sync

/// The tenants that are set up, and what an operator does with one.
///
/// What has to happen together with the enqueueing of jobs (`addTenant`, `setTenant`, `startTenant`) belongs to `PostgresTransaction`.
package struct TenantRegistry: Sendable {
    private let pool: PostgresPool

    /// Over this database.
    package init(pool: PostgresPool) { self.pool = pool }

    /// Every tenant, by name.
    package func all() async throws(PostgresError) -> [Tenant] { try await self.pool.query(TenantList()) }

    /// The tenant with this name.
    ///
    /// - Ends: `TenantError.unknown`.
    package func tenant(named name: String) async throws -> Tenant {
        guard let tenant = try await self.pool.first(TenantByName(name: name)) else { throw TenantError.unknown(name: name) }
        return tenant
    }

    /// The tenant with this number; nil if it was removed.
    package func tenant(_ id: TenantID) async throws(PostgresError) -> Tenant? { try await self.pool.first(TenantByID(id: id)) }

    /// Holds all its jobs until `resume`.
    ///
    /// Returns a sentence that says so.
    /// - Ends: `TenantError.unknown`.
    @discardableResult
    package func pause(_ name: String) async throws -> String {
        guard let said = try await self.pool.first(TenantPause(name: name)) else { throw TenantError.unknown(name: name) }
        return said
    }

    /// Lets its jobs go on.
    ///
    /// Returns a sentence that says so.
    /// - Ends: `TenantError.unknown`.
    @discardableResult
    package func resume(_ name: String) async throws -> String {
        guard let said = try await self.pool.first(TenantResume(name: name)) else { throw TenantError.unknown(name: name) }
        return said
    }

    /// Forgets a tenant: credentials, settings, jobs and all that was read for it.
    ///
    /// Its records in `crm` are the team's own and stay. In bites, each a transaction of its own; should it end half-way, call it again.
    /// - Ends: `TenantError.unknown`.
    package func remove(_ name: String) async throws {
        guard let id = try await self.pool.first(TenantRemovalBegin(name: name)) else { throw TenantError.unknown(name: name) }
        while try await self.pool.first(TenantRemovalBite(id: id)) ?? 0 > 0 {}
        _ = try await self.pool.first(TenantRemovalEnd(id: id))
    }
}
