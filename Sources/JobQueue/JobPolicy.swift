/// How jobs of a kind are treated: how urgent they are, how often and how long they are tried.
package struct JobPolicy: Sendable {
    /// 0 is the most urgent, 9 the least.
    ///
    /// Within a tenant a more urgent job goes first; a process under full load sees one that has come within a second.
    package var priority: Int
    /// How many failed runs end in the dead letters.
    ///
    /// Postponements, hand-backs and crashes don't count.
    package var maxAttempts: Int
    /// How long a failed job waits.
    package var backoff: Backoff
    /// How long one run may take before it is cancelled and tried again.
    package var timeout: Duration
    /// A gate that holds these jobs back while it is shut, besides `tenant` and `kind:<kind>`: the name of a vendor, say.
    package var gate: String?
    /// For kinds whose effects would wait for each other in the database: within a process, those of a tenant and a name take effect one after the
    /// other.
    package var turn: String?

    /// The usual: the middle of the scale, 20 attempts within about two hours, a minute a run.
    package init(
        priority: Int = 5, maxAttempts: Int = 20, backoff: Backoff = Backoff(), timeout: Duration = .seconds(60), gate: String? = nil,
        turn: String? = nil
    ) {
        self.priority = min(max(priority, 0), 9)
        self.maxAttempts = max(maxAttempts, 1)
        self.backoff = backoff
        self.timeout = timeout
        self.gate = gate
        self.turn = turn
    }
}
