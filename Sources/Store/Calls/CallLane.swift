/// What a vendor call is for; when calls get scarce, it decides who has to wait (sync-algorithms 5.2).
package enum CallLane: String, Sendable, CaseIterable {
    /// Tokens, field list, usage: what everything else hangs on.
    case control
    /// A person waits for the answer.
    case interactive
    /// A change in Mazrica on its way to Marketo.
    case push
    /// The hourly run: feeds, dirty leads, the frontier.
    case hourly
    /// Reading again what has probably not changed.
    case sweep
    /// Comparing both sides, record by record.
    case reconcile
    /// The full load.
    case backfill
}
