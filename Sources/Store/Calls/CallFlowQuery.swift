import FoundationEssentials
package import Postgres

/// The flow of one tenant's calls, or of all by name; a row for each lane.
///
/// - Index: `tenants_name_key`, `call_budgets_pkey`, `calls_booked_at_idx` for the calls of today.
package struct CallFlowQuery: PostgresStatement {
    let name: String?

    /// Of the tenant with this name, or of every one.
    package init(name: String? = nil) { self.name = name }

    package static let sql = """
        SELECT quota.tenant, quota.vendor, quota.limit_per_day, quota.learned_limit, quota.used_by_us, quota.used_by_others, quota.others_forecast,
            quota.our_share, quota.remaining, quota.resets_at, quota.paused_until, quota.upstream_since, quota.calls_last_20_s, quota.running_now,
            progress.eta_seconds, lanes.lane, lanes.used_today, lanes.kept, lanes.held_until
        FROM ops.quota
        JOIN ops.call_lanes AS lanes ON lanes.tenant = quota.tenant AND lanes.vendor = quota.vendor
        JOIN ops.sync_progress AS progress ON progress.tenant = quota.tenant
        WHERE $1::text IS NULL OR quota.tenant = $1
        ORDER BY quota.tenant,
            array_position(ARRAY['interactive', 'control', 'push', 'hourly', 'sweep', 'reconcile', 'backfill'], lanes.lane)
        """
    package var binds: [PostgresBind] { [.text(self.name)] }

    /// A tenant with one of its lanes.
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> CallFlow {
        CallFlow(
            tenant: try row.decode(0), vendor: try row.decode(1), limit: try row.decode(2), learnedLimit: try row.decode(3),
            usedByUs: try row.decode(4), usedByOthers: try row.decode(5), othersForecast: try row.decode(6), ourShare: try row.decode(7),
            remaining: try row.decode(8), resetsAt: try row.decode(9), pausedUntil: try row.decode(10), upstreamSince: try row.decode(11),
            callsInWindow: try row.decode(12), runningNow: try row.decode(13), fullLoadSeconds: try row.decode(14),
            lanes: [
                CallFlow.Lane(name: try row.decode(15), usedToday: try row.decode(16), kept: try row.decode(17), heldUntil: try row.decode(18))
            ])
    }
}

extension [CallFlow] {
    /// One a tenant, with all its lanes.
    package var byTenant: [CallFlow] {
        self.reduce(into: []) { flows, row in
            if let last = flows.last, last.tenant == row.tenant, last.vendor == row.vendor {
                flows[flows.count - 1] = last.adding(row.lanes)
            } else {
                flows.append(row)
            }
        }
    }
}

extension CallFlow {
    fileprivate func adding(_ lanes: [Lane]) -> CallFlow {
        CallFlow(
            tenant: self.tenant, vendor: self.vendor, limit: self.limit, learnedLimit: self.learnedLimit, usedByUs: self.usedByUs,
            usedByOthers: self.usedByOthers, othersForecast: self.othersForecast, ourShare: self.ourShare, remaining: self.remaining,
            resetsAt: self.resetsAt, pausedUntil: self.pausedUntil, upstreamSince: self.upstreamSince, callsInWindow: self.callsInWindow,
            runningNow: self.runningNow, fullLoadSeconds: self.fullLoadSeconds, lanes: self.lanes + lanes)
    }
}
