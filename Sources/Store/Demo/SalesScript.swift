package import Postgres
package import Sync

/// Names the tenant for the scripts of the demo's second act, for this transaction.
///
/// - Index: none.
package struct NameDemoTenant: PostgresStatement {
    package static let sql = "SELECT FROM set_config('kakehashi.demo_tenant', $1::bigint::text, true)"
    let tenant: TenantID
    /// `tenant`.
    package init(tenant: TenantID) { self.tenant = tenant }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) {}
}

/// What a sales team does in the demo's second act: plain SQL, as an application would write it.
package enum SalesScript {
    /// Two deals, an action of each with 200 contacts, and five new contacts.
    ///
    /// Nothing is completed yet.
    package static let begin = """
        CREATE TEMP TABLE demo_people ON COMMIT DROP AS
            SELECT contacts.id, row_number() OVER (ORDER BY contacts.id) AS place FROM crm.contacts
            WHERE contacts.tenant_id = current_setting('kakehashi.demo_tenant')::bigint AND contacts.deleted_at IS NULL AND EXISTS (
                SELECT FROM sync.lead_links
                WHERE lead_links.tenant_id = contacts.tenant_id AND lead_links.contact_id = contacts.id AND lead_links.state = 'active'
            )
            ORDER BY contacts.id LIMIT 400;
        INSERT INTO crm.phases (tenant_id, name, position)
        SELECT current_setting('kakehashi.demo_tenant')::bigint, name, place
        FROM unnest(ARRAY['商談', '提案', '受注']) WITH ORDINALITY AS named (name, place);
        INSERT INTO crm.deals (tenant_id, name, phase_id)
        SELECT phases.tenant_id, deal, phases.id FROM crm.phases, unnest(ARRAY['デモ案件 1', 'デモ案件 2']) AS deal
        WHERE phases.tenant_id = current_setting('kakehashi.demo_tenant')::bigint AND phases.name = '商談';
        INSERT INTO crm.actions (tenant_id, deal_id, kind, status)
        SELECT deals.tenant_id, deals.id, '面談', '予定' FROM crm.deals
        WHERE deals.tenant_id = current_setting('kakehashi.demo_tenant')::bigint;
        INSERT INTO crm.action_contacts (action_id, contact_id)
        SELECT actions.id, demo_people.id
        FROM demo_people
        JOIN crm.deals ON deals.tenant_id = current_setting('kakehashi.demo_tenant')::bigint
            AND deals.name = CASE WHEN demo_people.place <= 200 THEN 'デモ案件 1' ELSE 'デモ案件 2' END
        JOIN crm.actions ON actions.tenant_id = deals.tenant_id AND actions.deal_id = deals.id;
        INSERT INTO crm.contacts (tenant_id, name, email)
        SELECT current_setting('kakehashi.demo_tenant')::bigint, '新規 担当' || number, 'new.' || number || '@mazrica-demo.example'
        FROM generate_series(1, 5) AS number;
        """

    /// All meetings take place, the first deal goes on, the second one is deleted.
    package static let goOn = """
        UPDATE crm.actions SET status = '完了' WHERE actions.tenant_id = current_setting('kakehashi.demo_tenant')::bigint;
        UPDATE crm.deals SET phase_id = phases.id FROM crm.phases
        WHERE deals.tenant_id = current_setting('kakehashi.demo_tenant')::bigint AND deals.name = 'デモ案件 1'
            AND phases.tenant_id = deals.tenant_id AND phases.name = '提案';
        DELETE FROM crm.deals WHERE deals.tenant_id = current_setting('kakehashi.demo_tenant')::bigint AND deals.name = 'デモ案件 2';
        """
}
