import Foundation

@testable import Store

extension TenantStatus {
    /// A status in which only what matters to a test is said.
    static func given(
        settled: Bool, state: SyncState = .idle, pausedUntil: Date? = nil, running: Int = 0, dead: Int = 0,
        lastSweep: Sweep? = nil, fullLoad: String = "done"
    ) -> TenantStatus {
        TenantStatus(
            name: "acme", state: state, pausedUntil: pausedUntil,
            fullLoad: FullLoad(state: fullLoad, blocksDone: 34, blocksTotal: 34, leadsSeen: 10_000, etaSeconds: nil), lastSweep: lastSweep,
            jobs: Jobs(ready: 0, scheduled: 0, running: running, retrying: 0, dead: dead),
            quota: Quota(limit: 50_000, usedByUs: 40, usedByOthers: 0, remaining: 49_960, resetsAt: Date(timeIntervalSince1970: 1_800_000_000)),
            quarantined: 0, isSettled: settled)
    }
}

extension TenantStatus.Sweep {
    /// An hourly run that still goes on.
    static func given(startedAt: Date, leadsChanged: Int) -> TenantStatus.Sweep {
        TenantStatus.Sweep(startedAt: startedAt, finishedAt: nil, leadsChanged: leadsChanged)
    }
}

extension WorkerStatus {
    /// A worker in which only what matters to a test is said.
    static func given(host: String, pid: Int, running: Int, seenAt: Date) -> WorkerStatus {
        WorkerStatus(id: UUID(), host: host, pid: pid, version: "test", running: running, seenAt: seenAt)
    }
}
