import Logging
import Postgres

/// Frees the slots of units whose ends the database has acknowledged, and tells of them.
final class UnitCloser: Sendable {
    private let table: UnitTable
    private let control: PostgresPool
    private let metrics: JobMetrics
    private let wake: WakeSignal
    private let logger: Logger

    /// - Parameter wake: rung when the end of a job may let another with its key go.
    init(table: UnitTable, control: PostgresPool, metrics: JobMetrics, wake: WakeSignal, logger: Logger) {
        self.table = table
        self.control = control
        self.metrics = metrics
        self.wake = wake
        self.logger = logger
    }

    /// All runs of these units ended well.
    func close(done units: [JobUnit]) {
        self.free(units)
        var counted = 0
        for (place, unit) in units.enumerated() {
            counted += unit.jobs.count
            if place + 1 < units.count, units[place + 1].handler === unit.handler { continue }
            self.metrics.finished(kind: unit.handler.kind, end: JobEnd.Fate.done.rawValue, count: counted)
            counted = 0
        }
    }

    /// The runs of a unit ended as `became` says; those that are missing were lost.
    func close(_ parcel: UnitEnds, _ became: [JobID: String]) {
        self.free([parcel.unit])
        let ends = parcel.each
        var lost: [JobRun] = []
        for end in ends {
            let what = became[end.id] ?? "lost"
            self.metrics.finished(kind: parcel.unit.handler.kind, end: what)
            switch what {
            case "dead":
                parcel.unit.logger(self.logger).error("Job is dead", metadata: ["job.id": "\(end.id)", "job.reason": "\(end.reason ?? "-")"])
            case "retry", "superseded":
                parcel.unit.logger(self.logger).info(
                    "Job failed and is tried again", metadata: ["job.id": "\(end.id)", "job.reason": "\(end.reason ?? "-")"])
            case "lost":
                parcel.unit.logger(self.logger).info(
                    "Job was lost before its end; nothing was written for it", metadata: ["job.id": "\(end.id)", "job.lease": "\(end.lease)"])
                lost.append(JobRun(id: end.id, lease: end.lease))
            default: break
            }
        }
        guard !lost.isEmpty else { return }
        let runs = lost
        // We live: if others took it for a crash, it was none. Best effort, as the mark only costs caution.
        Task { _ = try? await self.control.execute(JobsAbsolve(runs: runs)) }
    }

    /// The units hold nothing any more.
    private func free(_ units: [JobUnit]) {
        let wasFull = self.table.remove(units)
        // Jobs that a claim has passed over may go now: those of its key, and of a kind that had no room.
        if wasFull || units.contains(where: { $0.jobs.contains(where: \.isKeyed) }) { self.wake.fire() }
    }
}
