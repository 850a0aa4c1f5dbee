/// How a transaction differs from the usual one.
package struct PostgresTransactionOptions: Sendable {
    /// What a transaction sees of others' work.
    package enum Isolation: String, Sendable {
        /// Each statement sees what was committed before it (PostgreSQL's own default).
        case readCommitted = "READ COMMITTED"
        /// All statements see what was committed before the first.
        case repeatableRead = "REPEATABLE READ"
        /// As if transactions ran one after the other; some fail with 40001 and are to be run again.
        case serializable = "SERIALIZABLE"
    }

    /// `nil`: as the database is set.
    package var isolation: Isolation?
    /// Refuses writes.
    package var isReadOnly: Bool
    /// Instead of the connection's; zero is for ever.
    package var statementTimeout: Duration?
    /// Instead of the connection's; zero is for ever.
    package var lockTimeout: Duration?
    /// How long any answer is waited for, instead of the connection's.
    package var deadline: Duration?

    /// The usual one, unless told otherwise.
    package init(
        isolation: Isolation? = nil, isReadOnly: Bool = false, statementTimeout: Duration? = nil, lockTimeout: Duration? = nil,
        deadline: Duration? = nil
    ) {
        self.isolation = isolation
        self.isReadOnly = isReadOnly
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
        self.deadline = deadline
    }

    /// The text that begins it, in one round trip.
    ///
    /// Behind a transaction-pooling proxy a session has no settings of its own, so the time-outs and the time zone are set in each transaction.
    func begin(_ configuration: PostgresConfiguration) -> String {
        var text = "BEGIN"
        if let isolation { text += " ISOLATION LEVEL \(isolation.rawValue)" }
        if self.isReadOnly { text += " READ ONLY" }
        var settings =
            configuration.preparedStatements
            ? [:] : Dictionary(uniqueKeysWithValues: configuration.timeoutSettings.map { ($0.name, $0.milliseconds) })
        if let statementTimeout { settings["statement_timeout"] = statementTimeout.milliseconds }
        if let lockTimeout { settings["lock_timeout"] = lockTimeout.milliseconds }
        if !configuration.preparedStatements { text += "; SET LOCAL TimeZone = 'UTC'" }
        for (name, milliseconds) in settings.sorted(by: { $0.key < $1.key }) { text += "; SET LOCAL \(name) = \(milliseconds)" }
        return text
    }
}
