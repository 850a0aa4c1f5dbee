package import Postgres
package import Sync

/// All that a sync has made for a tenant: contacts, links, accounts, quarantine entries; for comparing both sides record by record.
package struct MazricaSide: Sendable, Equatable {
    /// Contacts that are not deleted.
    package var contacts: [ContactAudit]
    /// Links, whatever their state.
    package var links: [LinkAudit]
    /// Accounts that are not deleted.
    package var accounts: [AccountAudit]
    /// Leads that could not be registered.
    package var quarantined: Set<LeadID>

    /// A side of a test's own.
    package init(contacts: [ContactAudit] = [], links: [LinkAudit] = [], accounts: [AccountAudit] = [], quarantined: Set<LeadID> = []) {
        self.contacts = contacts
        self.links = links
        self.accounts = accounts
        self.quarantined = quarantined
    }

    /// As it stands in the database; page by page, so for a tenant at rest.
    package init(of tenant: TenantID, in pool: PostgresPool) async throws(PostgresError) {
        self.init(
            contacts: try await Self.all(pool) { ContactAuditPage(tenant: tenant, after: $0) },
            links: try await Self.all(pool) { LinkAuditPage(tenant: tenant, after: $0) },
            accounts: try await Self.all(pool) { AccountAuditPage(tenant: tenant, after: $0) },
            quarantined: Set(try await pool.query(QuarantineAudit(tenant: tenant)).map(\.lead)))
    }

    private static func all<Page: PostgresStatement>(
        _ pool: PostgresPool, _ page: (Page.Row?) -> Page
    ) async throws(PostgresError) -> [Page.Row] where Page.Row: Sendable {
        var rows: [Page.Row] = []
        while true {
            let more = try await pool.query(page(rows.last))
            guard !more.isEmpty else { return rows }
            rows += more
        }
    }
}
