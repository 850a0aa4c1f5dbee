package import Postgres

/// What the database tells of the whole fleet, for graphs and alerts: queue, quota, state, feeds, quarantine, pushes.
///
/// - Shape: a row a number: the metric, what it is of (pairs of names and values), and the number.
/// - Index: as the views `ops.queue_depth`, `ops.quota` and `ops.sync_progress`; `cursors_pkey`, `pushes_waiting_idx`.
package struct FindGauges: PostgresStatement {
    /// One number.
    package struct Row: Sendable, Equatable {
        package let metric: String
        package let of: [String: String]
        package let value: Double
    }
    package static let sql = """
        WITH depths AS MATERIALIZED (SELECT * FROM ops.queue_depth),
        tenant_progress AS MATERIALIZED (SELECT tenant, state, quarantined, leads_seen FROM ops.sync_progress)
        SELECT told.metric, coalesce(told.tenant, ''), told.name, told.kind, told.value::double precision
        FROM (
            SELECT 'queue_jobs' AS metric, depth.tenant, counted.state AS name, depth.kind, counted.value
            FROM depths AS depth
            CROSS JOIN LATERAL (VALUES
                ('ready', depth.ready), ('scheduled', depth.scheduled), ('running', depth.running), ('retrying', depth.retrying), ('dead', depth.dead)
            ) AS counted (state, value)
            UNION ALL
            SELECT 'queue_oldest_ready_seconds', tenant, NULL, kind, coalesce(oldest_ready_seconds, 0) FROM depths
            UNION ALL
            SELECT 'quota_calls', quota.tenant, counted.name, NULL, counted.value
            FROM ops.quota
            CROSS JOIN LATERAL (VALUES
                ('limit', quota.limit_per_day), ('used_by_us', quota.used_by_us), ('used_by_others', quota.used_by_others), ('remaining', quota.remaining)
            ) AS counted (name, value)
            UNION ALL
            SELECT 'quota_reset_seconds', tenant, NULL, NULL, extract(epoch FROM resets_at - now()) FROM ops.quota
            UNION ALL
            SELECT 'tenant_state', progress.tenant, states.name, NULL, (states.name = progress.state)::integer
            FROM tenant_progress AS progress
            CROSS JOIN (VALUES ('idle'), ('syncing'), ('paused_quota'), ('paused_upstream'), ('paused_auth'), ('paused_by_operator')) AS states (name)
            UNION ALL
            SELECT 'leads_quarantined', tenant, NULL, NULL, quarantined FROM tenant_progress
            UNION ALL
            SELECT 'leads_seen', tenant, NULL, NULL, leads_seen FROM tenant_progress
            UNION ALL
            SELECT 'feed_lag_seconds', tenants.name, cursors.stream, NULL, extract(epoch FROM now() - coalesce(cursors.last_page_at, tenants.started_at))
            FROM sync.cursors JOIN sync.tenants ON tenants.id = cursors.tenant_id
            UNION ALL
            SELECT 'pushes_waiting', tenants.name, NULL, NULL,
                (SELECT count(*) FROM sync.pushes WHERE pushes.tenant_id = tenants.id AND pushes.state IN ('waiting', 'sending'))
            FROM sync.tenants
        ) AS told
        WHERE told.value IS NOT NULL
        """
    package init() {}
    package var binds: [PostgresBind] { [] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let metric: String = try row.decode(0)
        let name: String? = try row.decode(2)
        let kind: String? = try row.decode(3)
        var of: [String: String] = ["tenant": try row.decode(1)]
        if let kind { of["kind"] = kind }
        if let name {
            switch metric {
            case "quota_calls": of["of"] = name
            case "feed_lag_seconds": of["feed"] = name
            default: of["state"] = name
            }
        }
        return Row(metric: metric, of: of, value: try row.decode(4))
    }
}
