import Logging
import Postgres
import Synchronization

/// Ends runs in batches: while one statement is on its way the next ends gather, so that it is prompt when little happens and frugal when much does.
///
/// It never gives up on an end while the process lives: after an outage it is sent again, and the fence decides. Jobs that go back to waiting have
/// a lane of their own: a key that somebody's open transaction holds can stop them, and must not stop those that leave for good.
final class JobCompleter: Sendable {
    /// The ends of one unit, which travel together.
    struct Parcel: Sendable {
        let unit: Int
        let ends: [JobEnd]
        /// Called once, with what became of each; a run that is missing was lost.
        let acknowledged: @Sendable ([JobID: String]) -> Void
    }

    private let leaving: EndLane
    private let returning: EndLane

    init(pool: PostgresPool, logger: Logger) {
        self.leaving = EndLane(pool: pool, logger: logger)
        self.returning = EndLane(pool: pool, logger: logger)
    }

    /// Takes ends in; they are on their way.
    func submit(_ parcel: Parcel) {
        let leaving = parcel.ends.filter(\.fate.isLeaving)
        let returning = parcel.ends.filter { !$0.fate.isLeaving }
        if leaving.isEmpty { return self.returning.submit(parcel) }
        if returning.isEmpty { return self.leaving.submit(parcel) }
        let gathered = Mutex<[[JobID: String]]>([])
        let half: @Sendable ([JobID: String]) -> Void = { became in
            let both = gathered.withLock { gathered in
                gathered.append(became)
                return gathered.count == 2 ? gathered : nil
            }
            if let both { parcel.acknowledged(both[0].merging(both[1]) { old, _ in old }) }
        }
        self.leaving.submit(Parcel(unit: parcel.unit, ends: leaving, acknowledged: half))
        self.returning.submit(Parcel(unit: parcel.unit, ends: returning, acknowledged: half))
    }

    /// Sends what comes in, until the Task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.leaving.run() }
            group.addTask { await self.returning.run() }
        }
    }
}
