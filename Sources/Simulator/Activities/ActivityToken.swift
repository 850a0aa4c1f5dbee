/// A paging token of the activity family: from which date, from which place in the log, and how far the reader has already come in time.
///
/// The spelling is the one old documentation tokens decode to, a date and a number, in base 32.
package struct ActivityToken: Sendable, Equatable {
    /// Records dated before are not wanted.
    ///
    /// Seconds since 1970.
    package let since: Int64
    /// Place in the log; 0 for a fresh date token.
    package let position: Int
    /// When the page before this one was read; `since` for a fresh one.
    ///
    /// A late record dated before it is passed over.
    package let readAt: Int64

    package init(since: Int64, position: Int = 0, readAt: Int64? = nil) {
        self.since = since
        self.position = position
        self.readAt = readAt ?? since
    }

    /// Takes a token back; `nil` for one the simulator never gave.
    package init?(_ text: String) {
        guard let parts = Base32.decode(text)?.split(separator: ","), parts.count == 3, let since = CivilTime.seconds(parsing: String(parts[0])),
            let position = Int(parts[1]), position >= 0, let readAt = Int64(parts[2], radix: 16)
        else { return nil }
        self.init(since: since, position: position, readAt: readAt)
    }

    /// Base 32 text ending in `=`.
    package var text: String {
        Base32.encode("\(CivilTime(seconds: self.since).zulu),\(self.position),\(String(self.readAt, radix: 16))")
    }
}
