import Logging
import Postgres
import Synchronization

/// Ends runs in batches: while one statement is on its way the next ends gather, so that it is prompt when little happens and frugal when much does.
///
/// It never gives up on an end while the process lives: after an outage it is sent again, and the fence decides.
final class JobCompleter: Sendable {
    /// The ends of one unit, which travel together.
    struct Parcel: Sendable {
        let unit: Int
        let ends: [JobEnd]
        /// Called once, with what became of each; a run that is missing was lost.
        let acknowledged: @Sendable ([JobID: String]) -> Void
    }

    private static let mostEnds = 500

    private let pool: PostgresPool
    private let logger: Logger
    private let waiting = Mutex<[Parcel]>([])
    private let bell = WakeSignal()

    init(pool: PostgresPool, logger: Logger) {
        self.pool = pool
        self.logger = logger
    }

    /// Takes ends in; they are on their way.
    func submit(_ parcel: Parcel) {
        self.waiting.withLock { $0.append(parcel) }
        self.bell.fire()
    }

    /// Sends what comes in, until the Task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let parcels = self.take()
            if parcels.isEmpty { await self.bell.wait() } else { await self.send(parcels) }
        }
    }

    private func take() -> [Parcel] {
        self.waiting.withLock { waiting in
            var count = 0
            var ends = 0
            while count < waiting.count, count == 0 || ends + waiting[count].ends.count <= Self.mostEnds {
                ends += waiting[count].ends.count
                count += 1
            }
            defer { waiting.removeFirst(count) }
            return Array(waiting.prefix(count))
        }
    }

    private func send(_ parcels: [Parcel]) async {
        let ends = parcels.flatMap(\.ends).sorted { $0.id < $1.id }
        var failures = 0
        var isOutcomeUnknown = false
        while !Task.isCancelled {
            do throws(PostgresError) {
                let rows = try await self.pool.query(JobsEnd(ends: ends))
                var became: [JobID: String] = [:]
                for row in rows { became[row.id] = row.end }
                let missing = ends.filter { became[$0.id] == nil }
                if !missing.isEmpty, isOutcomeUnknown {
                    // The first sending may have taken effect after all: read, don't assume.
                    for row in try await self.pool.query(JobsFate(runs: missing.map { JobRun(id: $0.id, lease: $0.lease) })) where row.fate == "ended"
                    {
                        became[row.id] = "ended"
                    }
                }
                for parcel in parcels { parcel.acknowledged(became) }
                return
            } catch {
                failures += 1
                // Whatever the error: a server that goes down can say so after it has committed.
                isOutcomeUnknown = true
                let isRefused = !error.isTransient && error.code != .cancelled
                // 23505: a newer job with the key arrived in this moment; the next look sees it and merges.
                if isRefused, error.sqlState != SQLState.uniqueViolation.rawValue || failures > 3 {
                    await self.sendOneByOne(parcels, after: error)
                    return
                }
                if !isRefused {
                    self.logger.info("Ends of jobs wait for the database", metadata: ["database.error": "\(error)", "jobs": "\(ends.count)"])
                    try? await Task.sleep(for: Backoff(base: .milliseconds(50), cap: .seconds(2)).wait(after: failures) + .milliseconds(10))
                }
            }
        }
    }

    /// One end that the database refuses must not hold up the others.
    private func sendOneByOne(_ parcels: [Parcel], after error: PostgresError) async {
        guard parcels.count > 1 || parcels.contains(where: { $0.ends.count > 1 }) else {
            let id = parcels.first?.ends.first?.id
            self.logger.error(
                "The end of a job was refused; its lease will run out",
                metadata: ["job.id": "\(id?.description ?? "-")", "database.error": "\(error)"])
            for parcel in parcels { parcel.acknowledged([:]) }
            return
        }
        for parcel in parcels {
            let gathered = Mutex<[JobID: String]>([:])
            for end in parcel.ends {
                await self.send([
                    Parcel(unit: parcel.unit, ends: [end]) { became in gathered.withLock { $0.merge(became) { old, _ in old } } }
                ])
            }
            parcel.acknowledged(gathered.withLock { $0 })
        }
    }
}
