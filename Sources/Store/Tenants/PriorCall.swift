package import Postgres
package import Sync

/// Books a call of a connection test that was made and answered just now, when the subscription had no ledger yet: window and day know of it from here on.
///
/// If the limits are smaller than that, it stays unbooked.
///
/// - Index: `tenants_pkey`, and those of `sync.admit_call` and `sync.finish_call`.
package struct PriorCall: PostgresStatement {
    let tenant: TenantID

    /// Of the subscription that this tenant has.
    package init(tenant: TenantID) { self.tenant = tenant }

    package static let sql = """
        SELECT sync.finish_call(booked.permit, 'answered')
        FROM sync.tenants
        CROSS JOIN LATERAL sync.admit_call(tenants.subscription_id, NULL, 'interactive', 'connection test', interval '1 minute') AS booked
        WHERE tenants.id = $1
        """
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    /// Whether it was booked.
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
