package import FoundationEssentials

/// Where a change feed was left.
package struct FeedCursor: Sendable {
    /// The token for the next page, as Marketo gave it.
    package let token: String
    /// Rises with each page; names the state that was read when the cursor is moved.
    package let sequence: Int64
    /// How many pages in a row had no record.
    package let emptyPages: Int
    /// The newest activity seen.
    package let lastActivityAt: Date?
    /// When it last brought a record.
    package let lastRecordAt: Date?
    /// When the last page was stored.
    package let lastPageAt: Date?
    /// From when on the feed was read at first.
    package let since: Date
}
