package import Postgres
package import Sync

/// Takes the tenant's turn to write contacts and accounts until the transaction ends, and the right to write the three guarded fields.
///
/// One transaction of a tenant at a time decides what is new and what is there: two leads with one e-mail address, read by two
/// workers at once, become one contact. Take it late: after the calls, after the work that needs no turn.
///
/// Its statements are planned anew until then: each handles hundreds of rows, and a plan that was kept from when the tables were empty reads them whole.
package struct HoldInbound: PostgresStatement {
    package typealias Row = Bool
    package static let sql = """
        SELECT set_config('plan_cache_mode', 'force_custom_plan', true) IS NOT NULL
        FROM (SELECT pg_advisory_xact_lock(hashtextextended('kakehashi.inbound', $1::bigint))) AS turn, crm.write_as_sync()
        """
    let tenant: TenantID
    /// For `tenant`.
    package init(tenant: TenantID) { self.tenant = tenant }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
