/// A paging token of the activity family: from which date, from which place in the log, and how far the reader has already come in time.
///
/// The spelling is the one old documentation tokens decode to, a date and numbers, in base 32.
package struct ActivityToken: Sendable, Equatable {
    /// Records dated before are not wanted.
    ///
    /// Seconds since 1970.
    package let since: Int64
    /// Place in the log; 0 for a fresh date token.
    package let position: Int
    /// When the last read came to its end, to the page without `moreResult`; `since` before the first has.
    ///
    /// A late record dated before it is passed over: one read has one such time, however many pages it takes.
    package let readAt: Int64
    /// Tells tokens for the same place apart.
    package let turn: Int

    package init(since: Int64, position: Int = 0, readAt: Int64? = nil, turn: Int = 0) {
        self.since = since
        self.position = position
        self.readAt = readAt ?? since
        self.turn = turn
    }

    /// Another token for the same place: what a page brings that gave nothing and moved nothing.
    var again: ActivityToken {
        ActivityToken(since: self.since, position: self.position, readAt: self.readAt, turn: (self.turn + 1) % 1_000_000)
    }

    /// Takes a token back; `nil` for one the simulator never gave.
    package init?(_ text: String) {
        guard let parts = Base32.decode(text)?.split(separator: ","), parts.count == 4, let since = CivilTime.seconds(parsing: String(parts[0])),
            let position = Int(parts[1]), position >= 0, let readAt = Int64(parts[2], radix: 16), let turn = Int(parts[3]), turn >= 0
        else { return nil }
        self.init(since: since, position: position, readAt: readAt, turn: turn)
    }

    /// Base 32 text ending in `=`.
    package var text: String {
        Base32.encode("\(CivilTime(seconds: self.since).zulu),\(self.position),\(String(self.readAt, radix: 16)),\(self.turn)")
    }
}
