package import FoundationEssentials
package import Postgres

/// All that `status` tells of one tenant: a row of `ops.sync_progress` and `ops.quota`.
package struct TenantStatus: Sendable, Equatable {
    /// How far its full load is.
    package struct FullLoad: Sendable, Equatable {
        /// `not_started`, `waiting`, `running`, `paused`, `done` or `cancelled`.
        package let state: String
        /// Blocks of 300 lead ids that were read.
        package let blocksDone: Int
        /// Blocks there are.
        package let blocksTotal: Int
        /// Leads found in the blocks that were read.
        package let leadsSeen: Int
        /// Seconds it will probably still take; nil when it does not run or nothing can be said yet.
        package let etaSeconds: Int?
    }

    /// Its latest hourly run.
    package struct Sweep: Sendable, Equatable {
        /// When it began.
        package let startedAt: Date
        /// Nil while it runs.
        package let finishedAt: Date?
        /// Leads whose contacts it changed.
        package let leadsChanged: Int
    }

    /// Its jobs, by state.
    package struct Jobs: Sendable, Equatable {
        /// Due now.
        package let ready: Int
        /// Due later.
        package let scheduled: Int
        /// Held by a worker.
        package let running: Int
        /// Waiting for another try.
        package let retrying: Int
        /// Given up; a person should look.
        package let dead: Int
    }

    /// Calls of the vendor's day.
    package struct Quota: Sendable, Equatable {
        /// Calls of the day, by the setting `daily-limit`.
        package let limit: Int
        /// Calls booked here.
        package let usedByUs: Int
        /// As far as the vendor's usage page has told today; else 0.
        package let usedByOthers: Int
        /// What is left for anybody.
        package let remaining: Int
        /// When the vendor's day turns.
        package let resetsAt: Date
    }

    /// The tenant's name.
    package let name: String
    /// In one word.
    package let state: SyncState
    /// When a paused one is expected to go on; nil when it is not paused, or until a person resumes it.
    package let pausedUntil: Date?
    /// How far its full load is.
    package let fullLoad: FullLoad
    /// Nil before the first.
    package let lastSweep: Sweep?
    /// Its jobs.
    package let jobs: Jobs
    /// Its subscription's calls of today.
    package let quota: Quota
    /// Leads that can't be registered.
    package let quarantined: Int
    /// No run under way, no job running or due within a minute.
    package let isSettled: Bool
}

/// The status of one tenant, or of all by name.
///
/// - Index: `tenants_name_key`, `runs_last_idx`, `lead_blocks_pkey`, `job_ready` and its like by tenant, `calls_window_idx`.
package struct TenantStatusQuery: PostgresStatement {
    let name: String?

    /// Of the tenant with this name, or of every one.
    package init(name: String? = nil) { self.name = name }

    package static let sql = """
        SELECT progress.tenant, progress.state, progress.paused_until,
            progress.full_load_state, progress.blocks_done, progress.blocks_total, progress.leads_seen, progress.eta_seconds,
            progress.sweep_started_at, progress.sweep_finished_at, coalesce(progress.leads_changed, 0),
            progress.ready, progress.scheduled, progress.running, progress.retrying, progress.dead,
            quota.limit_per_day, quota.used_by_us, quota.used_by_others, quota.remaining, quota.resets_at,
            progress.quarantined, progress.settled
        FROM ops.sync_progress AS progress
        JOIN ops.quota ON quota.tenant = progress.tenant
        WHERE $1::text IS NULL OR progress.tenant = $1
        ORDER BY progress.tenant
        """
    package var binds: [PostgresBind] { [.text(self.name)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> TenantStatus {
        let startedAt: Date? = try row.decode(8)
        var lastSweep: TenantStatus.Sweep?
        if let startedAt {
            lastSweep = TenantStatus.Sweep(startedAt: startedAt, finishedAt: try row.decode(9), leadsChanged: try row.decode(10))
        }
        return TenantStatus(
            name: try row.decode(0),
            state: SyncState(rawValue: try row.decode(1)) ?? .idle,
            pausedUntil: try row.decode(2),
            fullLoad: TenantStatus.FullLoad(
                state: try row.decode(3), blocksDone: try row.decode(4), blocksTotal: try row.decode(5), leadsSeen: try row.decode(6),
                etaSeconds: try row.decode(7)),
            lastSweep: lastSweep,
            jobs: TenantStatus.Jobs(
                ready: try row.decode(11), scheduled: try row.decode(12), running: try row.decode(13), retrying: try row.decode(14),
                dead: try row.decode(15)),
            quota: TenantStatus.Quota(
                limit: try row.decode(16), usedByUs: try row.decode(17), usedByOthers: try row.decode(18), remaining: try row.decode(19),
                resetsAt: try row.decode(20)),
            quarantined: try row.decode(21),
            isSettled: try row.decode(22))
    }
}
