/// Decides whether a call to Marketo may start now: the window of 20 s, the number at once, the day.
///
/// The one that counts for the whole fleet lives in the database; this room only refuses to call without asking it.
package protocol CallAdmission: Sendable {
    /// Books a call.
    ///
    /// One to identity counts against no limit; what may hold it back is that the vendor is in trouble, refuses the credentials, or has no quota left.
    /// - Throws: Its own reason for "not now"; the client hands it on as it is and sends nothing.
    func admit(_ call: CallDescription) async throws -> any CallPermit
}

/// A booked call.
///
/// Good for one request; a request that is repeated after a new token needs another.
package protocol CallPermit: Sendable {
    /// Takes note of what became of the call and frees its place.
    ///
    /// Always called, exactly once, and never in a cancelled task. It can't fail: the vendor's answer is there and must not be lost over it.
    func finish(_ report: CallReport) async
}
