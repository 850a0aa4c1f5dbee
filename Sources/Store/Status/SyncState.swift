/// How a tenant's sync stands, in one word (CONTRACT 3, `status`).
package enum SyncState: String, Sendable, CaseIterable {
    /// Nothing to do.
    case idle
    /// A full load, a sweep or a single job is under way.
    case syncing
    /// The vendor's daily quota, or our own daily limit, is reached.
    case pausedQuota = "paused_quota"
    /// Marketo is in trouble.
    case pausedUpstream = "paused_upstream"
    /// Marketo refuses the credentials.
    case pausedAuth = "paused_auth"
    /// A person paused it.
    case pausedByOperator = "paused_by_operator"
}
