import Foundation
import Postgres
import Runtime
import Store

/// Waits until a tenant is settled, telling the progress meanwhile.
///
/// Looks by polling: works behind a proxy without LISTEN.
struct SettledWait: Sendable {
    let pool: PostgresPool
    let tenant: String
    let words: Words
    let terminal: Terminal

    /// Returns when the tenant is settled; the last status is the answer.
    ///
    /// - Parameter jobsLeft: if given, it is only those jobs that are waited for, and they are looked at first.
    /// - Throws: a ``Complaint``: 75 when the quota holds what is waited for; 1 when a job died, the time was over, or a person is needed; 69 when the
    ///   database is away.
    @discardableResult
    func run(timeout: Duration?, deadBefore: Int, jobsLeft: (() async throws -> Int)? = nil) async throws -> TenantStatus {
        let clock = ContinuousClock()
        var watch = SettledWatch(deadline: timeout.map { clock.now + $0 }, deadBefore: deadBefore)
        var narrator = Narrator(title: self.tenant, words: self.words, terminal: self.terminal)
        while true {
            // Nobody who waits wants to wait for more to be gathered.
            try await self.pool.execute(CloseWindows(tenant: self.tenant))
            let left = try await jobsLeft?()
            let status = try await self.pool.first(TenantStatusQuery(name: self.tenant))
            if left == 0, let status {
                narrator.finish()
                return status
            }
            if let status, status.fullLoad.blocksTotal > 0 {
                narrator.tell(
                    LoadProgress(
                        blocksDone: status.fullLoad.blocksDone, blocksTotal: status.fullLoad.blocksTotal, leads: status.fullLoad.leadsSeen,
                        callsLeft: status.quota.remaining, jobsLeft: status.jobs.ready + status.jobs.running), at: clock.now)
            }
            if let status, status.state != .idle, status.state != .syncing {
                let until = status.pausedUntil.map { " until \(Timestamp.text($0))" } ?? ""
                narrator.tell(state: status.state.rawValue + until, at: clock.now)
            }
            if let end = watch.end(status, at: clock.now) {
                narrator.finish()
                if let complaint = self.complaint(end, status) { throw complaint }
                if let status { return status }
            }
            try await clock.sleep(for: .milliseconds(self.terminal.isTerminal ? 250 : 500))
        }
    }

    private func complaint(_ end: SettledWatch.End, _ status: TenantStatus?) -> Complaint? {
        switch end {
        case .settled: return nil
        case .heldByQuota(let until):
            let when = until.map { " at \(Timestamp.text($0))" } ?? ""
            return Complaint("The quota holds the sync of \(self.tenant); it goes on by itself\(when).", ending: .comesBack)
        case .died(let jobs):
            return Complaint("\(jobs == 1 ? "A job" : "\(jobs) jobs") of \(self.tenant) died; see ops.stuck_jobs.")
        case .needsPerson(.pausedAuth):
            return Complaint(
                "Marketo refuses the credentials of \(self.tenant); nothing goes on until they are right (kakehashi tenant test \(self.tenant)).")
        case .needsPerson:
            return Complaint("\(self.tenant) is paused by an operator; nothing goes on until it is resumed (kakehashi tenant resume \(self.tenant)).")
        case .timeout:
            let state = status.map { " (\($0.state.rawValue), \($0.jobs.ready) jobs ready, \($0.jobs.running) running)" } ?? ""
            return Complaint("\(self.tenant) is not settled within the time given\(state).")
        case .gone: return Complaint("There is no tenant named \(self.tenant) any more.")
        }
    }
}
