import Postgres
import Sync

@testable import Store

/// A tenant that is set up, with three contacts (1, 2, 3), the phases 商談, 提案, 見積 and 受注 (1 to 4), and the deals A, B and C (1, 2, 3) in the first phase.
struct DealStage: Sendable {
    let store: StoreDatabase
    let tenant: TenantID

    /// With settings as `{"deleted-deal":"next-best"}`.
    static func stand(settings: [String: String] = [:], _ body: (DealStage) async throws -> Void) async throws {
        try await withStore { store in
            let stage = DealStage(store: store, tenant: TenantID(rawValue: store.acme))
            try await stage.run(
                """
                INSERT INTO sync.subscriptions (vendor, account) VALUES ('marketo', '123-abc-456');
                INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id, settings, started_at)
                VALUES ($t, 'acme', 1, 'https://123-abc-456.mktorest.com', 'c', '', '', '\(SettingsJSON.text(settings))', now());
                INSERT INTO crm.phases (tenant_id, id, name) VALUES ($t, 1, '商談'), ($t, 2, '提案'), ($t, 3, '見積'), ($t, 4, '受注');
                INSERT INTO crm.contacts (tenant_id, id, name) VALUES ($t, 1, '山田'), ($t, 2, '鈴木'), ($t, 3, '佐藤');
                INSERT INTO crm.deals (tenant_id, id, name, phase_id) VALUES ($t, 1, 'A', 1), ($t, 2, 'B', 1), ($t, 3, 'C', 1);
                """)
            try await body(stage)
        }
    }

    /// Runs SQL as a team's application would; `$t` is the tenant.
    func run(_ script: String) async throws { try await self.store.run(script.replacing("$t", with: "\(self.store.acme)")) }

    /// Has contacts take part in an action of a deal, made for it.
    func attach(_ contacts: Int..., to deal: Int, action: Int, kind: String = "電話", status: String = "予定", ends: String? = nil) async throws {
        try await self.run(
            """
            INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status, ends_at)
            VALUES ($t, \(action), \(deal), '\(kind)', '\(status)', \(ends.map { "'\($0)'" } ?? "NULL"));
            INSERT INTO crm.action_contacts (action_id, contact_id) SELECT \(action), unnest(ARRAY\(contacts));
            """)
    }

    /// Looks at the whole story; those who should get a lead.
    @discardableResult
    func project(_ ranges: [EventRange]? = nil) async throws -> [ContactID] {
        let last = Int64(try await self.store.number("SELECT coalesce(max(seq), 0) FROM sync.contact_events"))
        let settings = try await self.store.text("SELECT settings::text FROM sync.tenants WHERE name = 'acme'") ?? "{}"
        let projection = Projection(tenant: self.tenant, settings: try TenantSettings(overrides: SettingsJSON.map(settings)))
        return try await self.store.pool.transaction { tx in
            try await projection.project(ranges ?? [EventRange(first: 1, last: last)], in: tx)
        }
    }

    /// What Marketo should show of a contact; "Null" for a null that is to be sent, `nil` if there is nothing to send.
    func desired(_ field: String, of contact: Int) async throws -> String? {
        try await self.store.text(
            "SELECT coalesce(value, 'Null') FROM sync.desired_values WHERE contact_id = \(contact) AND field = '\(field)'")
    }

    /// After a look at the story, the phase that a contact's lead should show.
    func phase(of contact: Int = 1) async throws -> String? {
        try await self.project()
        return try await self.desired("phase", of: contact)
    }

    /// After a look at the story, the status that a contact's lead should show.
    func status(of contact: Int = 1) async throws -> String? {
        try await self.project()
        return try await self.desired("status", of: contact)
    }
}
