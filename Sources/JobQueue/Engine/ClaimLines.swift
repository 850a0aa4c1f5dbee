import FoundationEssentials
import Postgres

/// The lines, each of a (tenant, priority, kind, version), in which claims that follow each other without a rest go on.
///
/// Once they have been all round, however many claims that took, each goes on in those that waited longest, from where the last one stopped there.
/// What lies before has been taken, or was passed over: a job whose key runs, one that somebody has locked, one that was enqueued with an earlier time,
/// a line in which nothing waited. Those are found by the next claims that look round: after each rest, and a second after the last have been all round.
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
    /// How many are remembered.
    ///
    /// Among more tenants each has little work, and nobody walks past much of it.
    private static let most = 4_096

    /// None: the claim looks round.
    let lines: [Line]
    /// The others that were met, those that waited longest first.
    private let others: [Line]
    /// A claim came to the end of the tenants and went on with the first.
    private let hasWrapped: Bool
    /// When they had been all round; `nil`: they are on their way.
    private let since: ContinuousClock.Instant?

    /// How many are remembered.
    var count: Int { self.lines.count + self.others.count }

    init() { self.init([], others: [], hasWrapped: false, since: nil) }

    private init(_ lines: [Line], others: [Line], hasWrapped: Bool, since: ContinuousClock.Instant?) {
        self.lines = lines
        self.others = others
        self.hasWrapped = hasWrapped
        self.since = since
    }

    /// Those for the next claim, which looks at `width` of them or a few more, after one that took these: none before all lines were met.
    ///
    /// Only where nobody is passed over but for want of room in all: who is passed over for want of a kind's places is met again before all were.
    ///
    /// - Ends: `decoding`.
    func after(_ rows: [JobClaim.Row], _ sight: JobClaim.Sight, width: Int, at now: ContinuousClock.Instant) throws(PostgresError) -> ClaimLines {
        if let since = self.since, now - since >= Self.longest { return ClaimLines() }
        let met = try Self.met(rows)
        let names = Set(met.map(Name.init))
        if let since = self.since {
            // The first for whom there was no room any more, and those behind: they come first.
            let passed = sight.hasPassed ? self.lines.firstIndex { $0.tenant == sight.cursor.tenant + 1 } : nil
            let left = self.lines[(passed ?? self.lines.endIndex)...].filter { !names.contains(Name($0)) }
            return Self.next(of: left + self.others + met, width: width, since: since)
        }
        let hasWrapped = self.hasWrapped || sight.hasWrapped
        let others = hasWrapped ? self.others.filter { !names.contains(Name($0)) } : self.others
        // Who meets one anew has been all round.
        guard sight.isWholeCircle || others.count < self.others.count else {
            guard others.count + met.count <= Self.most else { return ClaimLines() }
            return ClaimLines([], others: others + met, hasWrapped: hasWrapped, since: nil)
        }
        return Self.next(of: others + met, width: width, since: now)
    }

    /// The first so many, and what else there is of the last one's tenant.
    private static func next(of all: [Line], width: Int, since: ContinuousClock.Instant) -> ClaimLines {
        var end = min(width, all.count)
        while end > 0, end < all.count, all[end].tenant == all[end - 1].tenant { end += 1 }
        // None left: it looks round.
        return end == 0 ? ClaimLines() : ClaimLines(Array(all[..<end]), others: Array(all[end...]), hasWrapped: false, since: since)
    }

    /// Where each line's last job was, in order.
    private static func met(_ rows: [JobClaim.Row]) throws(PostgresError) -> [Line] {
        var lasts: [(turn: Int, number: Int, row: PostgresRow)] = []
        for case .taken(let row) in rows {
            let job = (turn: try row.decode(19, as: Int.self), number: try row.decode(20, as: Int.self), row: row)
            if let last = lasts.last, last.turn == job.turn {
                if last.number < job.number { lasts[lasts.count - 1] = job }
            } else {
                lasts.append(job)
            }
        }
        // The rows nearly always come in order; where they don't, a line may come in pieces.
        lasts.sort { ($0.turn, $0.number) < ($1.turn, $1.number) }
        var lines: [Line] = []
        for (place, last) in lasts.enumerated() where place + 1 == lasts.count || lasts[place + 1].turn != last.turn {
            lines.append(try Line(last.row))
        }
        return lines
    }

    /// Which line it is.
    private struct Name: Hashable {
        let tenant: Int64
        let priority: Int
        let kind: String
        let version: Int

        init(_ line: Line) {
            self.tenant = line.tenant
            self.priority = line.priority
            self.kind = line.kind
            self.version = line.version
        }
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
