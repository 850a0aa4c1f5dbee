import Logging
import Postgres
import Synchronization

/// Sends ends to the database, many in a statement, until each is acknowledged; see ``JobCompleter``.
final class EndLane: Sendable {
    /// Told what became of each run whose end was sent; a run that is missing was lost.
    typealias Report = @Sendable ([JobID: String]) -> Void

    /// A parcel on its way.
    private struct Sending {
        let parcel: UnitEnds
        /// Who is told; `nil`: the closer.
        let report: Report?
        /// How often it failed.
        var failures = 0
        /// It goes by itself: among others it could not be sent.
        var isAlone = false
        /// Not before this moment; `nil`: at once.
        var due: ContinuousClock.Instant?

        func isDue(at now: ContinuousClock.Instant) -> Bool { self.due.map { $0 <= now } ?? true }
    }

    private static let mostEnds = 1_000

    private let pool: PostgresPool
    private let closer: UnitCloser
    private let logger: Logger
    private let waiting = Mutex<[Sending]>([])
    private let bell = WakeSignal()

    init(pool: PostgresPool, closer: UnitCloser, logger: Logger) {
        self.pool = pool
        self.closer = closer
        self.logger = logger
    }

    /// Takes ends in; they are on their way.
    func submit(_ parcel: UnitEnds, report: Report? = nil) {
        self.waiting.withLock { $0.append(Sending(parcel: parcel, report: report)) }
        self.bell.fire()
    }

    /// Sends what comes in, until the Task is cancelled.
    func run() async {
        while !Task.isCancelled {
            switch self.take(at: .now) {
            case .send(let parcels): await self.send(parcels)
            case .wait(.none): await self.bell.wait()
            case .wait(.some(let wait)): await self.bell.wait(atMost: wait)
            }
        }
    }

    private enum Take {
        case send([Sending])
        case wait(Duration?)
    }

    /// The next that are due: as many as go together, or one that goes alone.
    private func take(at now: ContinuousClock.Instant) -> Take {
        self.waiting.withLock { waiting in
            guard let first = waiting.firstIndex(where: { $0.isDue(at: now) }) else {
                return .wait(waiting.lazy.compactMap(\.due).min().map { $0 - now })
            }
            if waiting[first].isAlone { return .send([waiting.remove(at: first)]) }
            let isDone = waiting[first].parcel.isDone
            var taken: [Sending] = []
            var left: [Sending] = []
            var ends = 0
            for sending in waiting {
                let count = sending.parcel.count
                if sending.isDue(at: now), !sending.isAlone, sending.parcel.isDone == isDone, ends == 0 || ends + count <= Self.mostEnds {
                    ends += count
                    taken.append(sending)
                } else {
                    left.append(sending)
                }
            }
            waiting = left
            return .send(taken)
        }
    }

    private func send(_ parcels: [Sending]) async {
        do throws(PostgresError) {
            if parcels.allSatisfy(\.parcel.isDone) { return try await self.finish(parcels) }
            let ends = parcels.flatMap(\.parcel.each).sorted { $0.id < $1.id }
            var became: [JobID: String] = [:]
            for row in try await self.pool.query(JobsEnd(ends: ends)) { became[row.id] = row.end }
            await self.tell(parcels, became)
        } catch {
            self.again(parcels, after: error)
        }
    }

    /// The shortest way, for runs that all ended well.
    private func finish(_ parcels: [Sending]) async throws(PostgresError) {
        var runs: [JobRun] = []
        for sending in parcels { for job in sending.parcel.unit.jobs { runs.append(job.run) } }
        runs.sort { $0.id < $1.id }
        let done = try await self.pool.query(JobsDone(runs: runs))
        if done.count == runs.count, parcels.allSatisfy({ $0.report == nil }) { return self.closer.close(done: parcels.map(\.parcel.unit)) }
        var became: [JobID: String] = [:]
        for id in done { became[id] = JobEnd.Fate.done.rawValue }
        await self.tell(parcels, became)
    }

    private func tell(_ parcels: [Sending], _ became: [JobID: String]) async {
        var became = became
        if parcels.contains(where: { $0.failures > 0 }) {
            // The first sending may have taken effect after all. Asked once: nothing but what is told of it hangs on the answer.
            let missing = parcels.flatMap(\.parcel.each).filter { became[$0.id] == nil }.map { JobRun(id: $0.id, lease: $0.lease) }
            if !missing.isEmpty {
                for row in (try? await self.pool.query(JobsFate(runs: missing))) ?? [] where row.fate == "ended" { became[row.id] = "ended" }
            }
        }
        for sending in parcels {
            if let report = sending.report { report(became) } else { self.closer.close(sending.parcel, became) }
        }
    }

    /// Puts back what was not acknowledged; what can't be sent among others goes by itself from now on.
    private func again(_ parcels: [Sending], after error: PostgresError) {
        let isAlone = parcels.count == 1 && parcels[0].parcel.count == 1
        // 23505: a newer job with the key arrived in this moment; the next look sees it and merges.
        let isRival = error.sqlState == SQLState.uniqueViolation.rawValue
        let isRefused = !error.isTransient && error.code != .cancelled && !isRival
        if isAlone, isRefused || isRival && parcels[0].failures > 10 {
            self.logger.error(
                "The end of a job was refused; its lease will run out",
                metadata: ["job.id": "\(parcels[0].parcel.each[0].id)", "database.error": "\(error)"])
            if let report = parcels[0].report { report([:]) } else { self.closer.close(parcels[0].parcel, [:]) }
            return
        }
        self.logger.info(
            "Ends of jobs wait for the database",
            metadata: ["database.error": "\(error)", "jobs": "\(parcels.reduce(0) { $0 + $1.parcel.count })"])
        // A statement that was refused, or waited for a lock until its time was up: one of them is the cause.
        let parts = !error.isUnreachable && !isAlone && error.code != .cancelled && error.code != .poolExhausted
        let next = (parts ? parcels.flatMap(self.parts) : parcels).map { sending in
            var sending = sending
            sending.failures += 1
            sending.isAlone = sending.isAlone || parts
            let wait = Backoff(base: .milliseconds(50), cap: .seconds(2)).wait(after: sending.failures) + .milliseconds(10)
            sending.due = parts ? nil : .now + wait
            return sending
        }
        self.waiting.withLock { $0.append(contentsOf: next) }
        self.bell.fire()
    }

    /// A parcel end by end; it is acknowledged when all are.
    private func parts(_ sending: Sending) -> [Sending] {
        let parcel = sending.parcel
        guard parcel.count > 1 else { return [sending] }
        let report = sending.report ?? { [closer] became in closer.close(parcel, became) }
        let gathered = Mutex<(left: Int, became: [JobID: String])>((parcel.count, [:]))
        return parcel.each.map { end in
            let part = UnitEnds(unit: parcel.unit, ends: .each([end]))
            return Sending(
                parcel: part,
                report: { became in
                    let all = gathered.withLock { gathered in
                        gathered.left -= 1
                        gathered.became.merge(became) { old, _ in old }
                        return gathered.left == 0 ? gathered.became : nil
                    }
                    if let all { report(all) }
                }, failures: sending.failures, isAlone: true)
        }
    }
}
