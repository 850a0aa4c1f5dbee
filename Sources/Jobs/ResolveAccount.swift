package import JobQueue

/// Finds or makes one account and links the contacts that wait for it (R43–R51).
///
/// - Shape: `{"key": "domain:example.co.jp", "run": 7}`: by what the account is looked for. Who waits for it is in `sync.account_waits`.
/// - Unique: one waiting job a key, and the same key never runs twice at once: two accounts for one company can't come about.
/// - Ends: `done`.
package struct ResolveAccount: Job {
    package static let kind = "resolve-account"
    package static let policy = JobPolicy.writesDown(priority: Urgency.apply, turn: "accounts")
    /// The account key, in its bounded form.
    package let key: String
    /// The run in `sync.runs` in which the first of its leads was read, if any waits for it.
    package let run: Int64?
    package var uniqueKey: String? { "key:\(self.key)" }
    package init(key: String, run: Int64? = nil) {
        self.key = key
        self.run = run
    }
}
