import FoundationEssentials
import Postgres

/// The lines, each of a (tenant, priority, kind, version), in which claims that follow each other without a rest go on.
///
/// What lies before has been taken, or was passed over: a job whose key runs, one that somebody has locked, one that was enqueued with an earlier time,
/// a line in which nothing waited. Those are found by the next claim that looks round: after each rest, and once a second.
struct ClaimLines: Sendable {
    /// A place in a line.
    struct Line: Sendable {
        let tenant: Int64
        let priority: Int
        let kind: String
        let version: Int
        let runAt: Date
        let id: Int64
    }

    private static let longest = Duration.seconds(1)

    /// None: the claim looks round.
    let lines: [Line]
    /// When a claim looked round last.
    private let since: ContinuousClock.Instant

    init(_ lines: [Line] = [], since: ContinuousClock.Instant = .now) {
        self.lines = lines
        self.since = since
    }

    /// Those for the next claim, after one that took these: where each line's last job was, if all lines were met and all had their turn.
    ///
    /// - Ends: `decoding`.
    func after(_ rows: [JobClaim.Row], _ sight: JobClaim.Sight, at now: ContinuousClock.Instant) throws(PostgresError) -> ClaimLines {
        guard now - self.since < Self.longest, sight.isWholeCircle, !sight.hasPassed else { return ClaimLines(since: now) }
        var lines: [Line] = []
        var last: (turn: Int, number: Int, row: PostgresRow)?
        for case .taken(let row) in rows {
            let (turn, number) = (try row.decode(19, as: Int.self), try row.decode(20, as: Int.self))
            // The rows come in order; should they not, it looks round.
            if let last, (turn, number) < (last.turn, last.number) { return ClaimLines(since: now) }
            if let last, last.turn != turn { lines.append(try Line(last.row)) }
            last = (turn, number, row)
        }
        if let last { lines.append(try Line(last.row)) }
        return ClaimLines(lines, since: self.since)
    }
}

extension ClaimLines.Line {
    /// Where a taken job was.
    init(_ row: PostgresRow) throws(PostgresError) {
        self.init(
            tenant: try row.decode(1), priority: try row.decode(11), kind: try row.decode(2), version: try row.decode(21), runAt: try row.decode(7),
            id: try row.decode(0))
    }
}
