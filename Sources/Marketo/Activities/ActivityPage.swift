/// A page of activities, at most 300; it may be empty and not the last.
package struct ActivityPage: Sendable {
    /// In the order received, which is no promise of time.
    package let activities: [Activity]
    /// Records that could not be read; a lead that is named there may have changed all the same.
    package let unreadable: [UnreadableRecord]
    /// Always given, on the last page too: keep it for the next time.
    ///
    /// `nil` only if Marketo broke its word: keep the old one.
    package let nextPageToken: String?
    /// Read on only while this is true, and never stop for an empty page.
    package let moreResult: Bool

    /// Of it, the records whose key (``Activity/marketoGUID``) is wanted.
    package func filter(_ isWanted: (String?) -> Bool) -> ActivityPage {
        ActivityPage(
            activities: self.activities.filter { isWanted($0.marketoGUID) }, unreadable: self.unreadable.filter { isWanted($0.marketoGUID) },
            nextPageToken: self.nextPageToken, moreResult: self.moreResult)
    }
}

extension ActivityPage {
    init(_ envelope: Envelope<ActivityRow>) {
        self.activities = envelope.records.compactMap { if case .activity(let activity) = $0 { activity } else { nil } }
        self.unreadable = envelope.records.compactMap { if case .unreadable(let record) = $0 { record } else { nil } }
        self.nextPageToken = envelope.nextPageToken
        self.moreResult = envelope.moreResult ?? false
    }
}
