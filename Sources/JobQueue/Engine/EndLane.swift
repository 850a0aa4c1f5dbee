import Logging
import Postgres
import Synchronization

/// Sends ends to the database, many in a statement, until each is acknowledged; see ``JobCompleter``.
final class EndLane: Sendable {
    /// A parcel on its way.
    private struct Sending {
        let parcel: JobCompleter.Parcel
        /// How often it failed.
        var failures = 0
        /// It goes by itself: among others it could not be sent.
        var isAlone = false
        /// Not before this moment.
        var due = ContinuousClock.now
    }

    private static let mostEnds = 500

    private let pool: PostgresPool
    private let logger: Logger
    private let waiting = Mutex<[Sending]>([])
    private let bell = WakeSignal()

    init(pool: PostgresPool, logger: Logger) {
        self.pool = pool
        self.logger = logger
    }

    /// Takes ends in; they are on their way.
    func submit(_ parcel: JobCompleter.Parcel) {
        self.waiting.withLock { $0.append(Sending(parcel: parcel)) }
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
            guard let first = waiting.firstIndex(where: { $0.due <= now }) else { return .wait(waiting.map(\.due).min().map { $0 - now }) }
            if waiting[first].isAlone { return .send([waiting.remove(at: first)]) }
            var taken: [Sending] = []
            var ends = 0
            waiting.removeAll { sending in
                guard sending.due <= now, !sending.isAlone, ends == 0 || ends + sending.parcel.ends.count <= Self.mostEnds else { return false }
                ends += sending.parcel.ends.count
                taken.append(sending)
                return true
            }
            return .send(taken)
        }
    }

    private func send(_ parcels: [Sending]) async {
        let ends = parcels.flatMap(\.parcel.ends).sorted { $0.id < $1.id }
        do throws(PostgresError) {
            let rows = try await self.pool.query(JobsEnd(ends: ends))
            var became: [JobID: String] = [:]
            for row in rows { became[row.id] = row.end }
            let missing = ends.filter { became[$0.id] == nil }
            if !missing.isEmpty, parcels.contains(where: { $0.failures > 0 }) {
                // The first sending may have taken effect after all. Asked once: nothing but what is told of it hangs on the answer.
                let runs = missing.map { JobRun(id: $0.id, lease: $0.lease) }
                for row in (try? await self.pool.query(JobsFate(runs: runs))) ?? [] where row.fate == "ended" { became[row.id] = "ended" }
            }
            for sending in parcels { sending.parcel.acknowledged(became) }
        } catch {
            self.again(parcels, after: error)
        }
    }

    /// Puts back what was not acknowledged; what can't be sent among others goes by itself from now on.
    private func again(_ parcels: [Sending], after error: PostgresError) {
        let isAlone = parcels.count == 1 && parcels[0].parcel.ends.count == 1
        // 23505: a newer job with the key arrived in this moment; the next look sees it and merges.
        let isRival = error.sqlState == SQLState.uniqueViolation.rawValue
        let isRefused = !error.isTransient && error.code != .cancelled && !isRival
        if isAlone, isRefused || isRival && parcels[0].failures > 10 {
            self.logger.error(
                "The end of a job was refused; its lease will run out",
                metadata: ["job.id": "\(parcels[0].parcel.ends[0].id)", "database.error": "\(error)"])
            return parcels[0].parcel.acknowledged([:])
        }
        self.logger.info(
            "Ends of jobs wait for the database",
            metadata: ["database.error": "\(error)", "jobs": "\(parcels.reduce(0) { $0 + $1.parcel.ends.count })"])
        // A statement that was refused, or waited for a lock until its time was up: one of them is the cause.
        let parts = !error.isUnreachable && !isAlone && error.code != .cancelled && error.code != .poolExhausted
        let next = (parts ? parcels.flatMap(Self.parts) : parcels).map { sending in
            var sending = sending
            sending.failures += 1
            sending.isAlone = sending.isAlone || parts
            let wait = Backoff(base: .milliseconds(50), cap: .seconds(2)).wait(after: sending.failures) + .milliseconds(10)
            sending.due = parts ? .now : .now + wait
            return sending
        }
        self.waiting.withLock { $0.append(contentsOf: next) }
        self.bell.fire()
    }

    /// A parcel end by end; it is acknowledged when all are.
    private static func parts(_ sending: Sending) -> [Sending] {
        let parcel = sending.parcel
        guard parcel.ends.count > 1 else { return [sending] }
        let gathered = Mutex<(left: Int, became: [JobID: String])>((parcel.ends.count, [:]))
        return parcel.ends.map { end in
            let part = JobCompleter.Parcel(unit: parcel.unit, ends: [end]) { became in
                let all = gathered.withLock { gathered in
                    gathered.left -= 1
                    gathered.became.merge(became) { old, _ in old }
                    return gathered.left == 0 ? gathered.became : nil
                }
                if let all { parcel.acknowledged(all) }
            }
            return Sending(parcel: part, failures: sending.failures, isAlone: true)
        }
    }
}
