/// The activities in the order in which they were committed, which need not be the order of their dates.
///
/// The New Lead of a generated lead is three numbers; its text is made when it is read, so that a million leads have their history at once.
package struct ActivityLog: Sendable {
    /// What the walk needs of an activity; the rest lies in `details`.
    struct Entry {
        let date: Int64
        let lead: Int64
        let type: Int32
        /// -1: the New Lead of a generated lead.
        let detail: Int32
        /// Committed much later than it happened: a token that has passed its date does not see it.
        let isLate: Bool
    }

    private var entries: [Entry] = []
    private var details: [Activity] = []
    /// The newest date of each full block of entries, to skip what is older than a question.
    private var newestOfBlock: [Int64] = []
    private static let block = 1_024

    package init() {}

    package var count: Int { self.entries.count }

    subscript(index: Int) -> Entry { self.entries[index] }

    /// The whole activity; `nil` for the New Lead of a generated lead, which the reader makes.
    func detail(of entry: Entry) -> Activity? {
        entry.detail < 0 ? nil : self.details[Int(entry.detail)]
    }

    mutating func append(_ activity: Activity, isLate: Bool = false) {
        self.details.append(activity)
        self.append(
            Entry(
                date: activity.date, lead: activity.lead, type: Int32(clamping: activity.type), detail: Int32(self.details.count - 1), isLate: isLate)
        )
    }

    /// The New Lead of a lead which the generator made.
    mutating func appendGenerated(lead: Int64, date: Int64) {
        self.append(Entry(date: date, lead: lead, type: Int32(Activity.Kind.newLead), detail: -1, isLate: false))
    }

    mutating func reserve(_ count: Int) { self.entries.reserveCapacity(count) }

    /// Gives the activities of some leads to another one, as a merge does.
    mutating func move(from losers: Set<Int64>, to winner: Int64) {
        for index in self.entries.indices where losers.contains(self.entries[index].lead) {
            let old = self.entries[index]
            guard old.type != Activity.Kind.newLead, old.type != Activity.Kind.delete else { continue }
            self.entries[index] = Entry(date: old.date, lead: winner, type: old.type, detail: old.detail, isLate: old.isLate)
        }
    }

    /// Walks from a position and collects what fits, up to `limit`; reads at most `scan` entries.
    ///
    /// - Returns: Places of the records; where the next walk begins; whether there may be more. No record and more to come is normal: the
    ///   vendor looks through blocks of everything and answers with what matches.
    func walk(from position: Int, since: Int64, limit: Int, scan: Int, matches: (Entry) -> Bool) -> (found: [Int], next: Int, more: Bool) {
        var found: [Int] = []
        var index = max(0, position)
        var looked = 0
        while index < self.entries.count {
            if index % Self.block == 0, index / Self.block < self.newestOfBlock.count, self.newestOfBlock[index / Self.block] < since {
                index += Self.block
                continue
            }
            let entry = self.entries[index]
            if entry.date >= since, matches(entry) {
                if found.count == limit { return (found, index, true) }
                found.append(index)
            }
            index += 1
            looked += 1
            if looked == scan, index < self.entries.count { return (found, index, true) }
        }
        return (found, index, false)
    }

    private mutating func append(_ entry: Entry) {
        let block = self.entries.count / Self.block
        self.entries.append(entry)
        if block == self.newestOfBlock.count {
            self.newestOfBlock.append(entry.date)
        } else {
            self.newestOfBlock[block] = max(self.newestOfBlock[block], entry.date)
        }
    }
}
