import Logging
import Postgres
import Synchronization

/// Ends runs in batches: while one statement is on its way the next ends gather, so that it is prompt when little happens and frugal when much does.
///
/// It never gives up on an end while the process lives: after an outage it is sent again, and the fence decides. Jobs that go back to waiting have
/// a lane of their own: a key that somebody's open transaction holds can stop them, and must not stop those that leave for good.
final class JobCompleter: Sendable {
    private let leaving: EndLane
    private let returning: EndLane

    private let closer: UnitCloser

    init(pool: PostgresPool, closer: UnitCloser, logger: Logger) {
        self.leaving = EndLane(pool: pool, closer: closer, logger: logger)
        self.returning = EndLane(pool: pool, closer: closer, logger: logger)
        self.closer = closer
    }

    /// Takes ends in; they are on their way, and the closer is told when they have been acknowledged.
    ///
    /// - Parameter report: told instead of the closer.
    func submit(_ parcel: UnitEnds, report: EndLane.Report? = nil) {
        guard case .each(let ends) = parcel.ends else { return self.leaving.submit(parcel, report: report) }
        let leaving = ends.filter(\.fate.isLeaving)
        if leaving.count == ends.count { return self.leaving.submit(parcel, report: report) }
        if leaving.isEmpty { return self.returning.submit(parcel, report: report) }
        let report = report ?? { [closer] became in closer.close(parcel, became) }
        let gathered = Mutex<[[JobID: String]]>([])
        let half: EndLane.Report = { became in
            let both = gathered.withLock { gathered in
                gathered.append(became)
                return gathered.count == 2 ? gathered : nil
            }
            if let both { report(both[0].merging(both[1]) { old, _ in old }) }
        }
        self.leaving.submit(UnitEnds(unit: parcel.unit, ends: .each(leaving)), report: half)
        self.returning.submit(UnitEnds(unit: parcel.unit, ends: .each(ends.filter { !$0.fate.isLeaving })), report: half)
    }

    /// Sends what comes in, until the Task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.leaving.run() }
            group.addTask { await self.returning.run() }
        }
    }
}
