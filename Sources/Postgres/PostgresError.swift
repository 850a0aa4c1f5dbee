/// Why the database did not do what was asked.
///
/// `description` is safe in a log or on a screen: it holds neither values nor SQL nor credentials. What PostgreSQL said word
/// for word, values included, is in `detail`, to be asked for on purpose.
package struct PostgresError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What happened, for one exhaustive switch.
    package enum Code: Sendable, Equatable {
        /// PostgreSQL answered with a refusal.
        case server(SQLState)
        /// The connection broke; what was under way may or may not have been done.
        case connectionLost
        /// No connection came about: not reachable, or refused (then `sqlState` says why).
        case connectFailed
        /// No connection came about in the time given.
        case connectTimeout
        /// No answer in the time given, as from a half-open socket; the connection has been thrown away.
        case deadlineExceeded
        /// The Task was cancelled, and the statement with it.
        case cancelled
        /// COMMIT was sent and no answer came: it may or may not have taken effect.
        case commitUnknown
        /// No connection of the pool became free in time.
        case poolExhausted
        /// The pool has been shut down.
        case poolClosed
        /// A value is not of the Swift type it was asked as.
        case decoding
        /// A value PostgreSQL can't hold, such as a text with U+0000; nothing was sent.
        case unsendable
        /// The connection settings can't be understood.
        case configuration
        /// A lent connection or ended transaction was used after its closure returned.
        case misuse
    }

    /// What happened.
    package let code: Code
    /// PostgreSQL's five characters, when it was PostgreSQL that spoke.
    package let sqlState: String?
    /// The constraint that was broken, by name.
    package let constraint: String?
    /// The table concerned, `schema.table`.
    package let table: String?
    /// The column concerned.
    package let column: String?
    /// Where in the statement's text, counted in characters from 1.
    package let position: Int?
    /// What was said in full; may contain values.
    ///
    /// For a person who asks, never for a log by habit.
    package let detail: String
    /// A safe sentence of our own, used when there is no SQLSTATE to name.
    let summary: String
    /// PostgreSQL's "cached plan must not change result type": the statement is right, its prepared form is out of date.
    let isStalePlan: Bool
    /// The server ended the connection with this message.
    let isFatal: Bool
    /// The statement was sent, and nobody heard how it ended.
    private let mayHaveTakenEffect: Bool
    /// PostgreSQL's sentence alone, and its advice; may contain values, as `detail` does.
    let message: String
    let hint: String?

    init(
        _ code: Code, sqlState: String? = nil, constraint: String? = nil, table: String? = nil, column: String? = nil, position: Int? = nil,
        summary: String = "", detail: String = "", isStalePlan: Bool = false, isFatal: Bool = false, mayHaveTakenEffect: Bool = false,
        message: String = "", hint: String? = nil
    ) {
        self.code = code
        if case .server(let state) = code { self.sqlState = state.rawValue } else { self.sqlState = sqlState }
        self.constraint = constraint
        self.table = table
        self.column = column
        self.position = position
        self.summary = summary
        self.detail = detail
        self.isStalePlan = isStalePlan
        self.isFatal = isFatal
        self.mayHaveTakenEffect = mayHaveTakenEffect
        self.message = message
        self.hint = hint
    }

    /// Whether the cause passes by itself.
    ///
    /// Whether repeating is *harmless* is for the caller to know; see `isOutcomeUnknown`.
    package var isTransient: Bool {
        switch self.code {
        case .server(let state): state.isTransient || self.isStalePlan
        case .connectFailed: self.sqlState.map { SQLState(rawValue: $0).isTransient } ?? true
        case .connectionLost, .connectTimeout, .deadlineExceeded, .commitUnknown, .poolExhausted: true
        case .cancelled, .poolClosed, .decoding, .unsendable, .configuration, .misuse: false
        }
    }

    /// Whether the statement may have taken effect in spite of the error.
    package var isOutcomeUnknown: Bool {
        switch self.code {
        case .connectionLost, .deadlineExceeded, .commitUnknown: true
        // Stopped by the server, or never sent: known. Not heard of again: not known.
        case .cancelled: self.mayHaveTakenEffect
        case .server, .connectFailed, .connectTimeout, .poolExhausted, .poolClosed, .decoding, .unsendable, .configuration, .misuse:
            false
        }
    }

    /// Whether there was no database to talk to (command line: exit code 69).
    package var isUnreachable: Bool {
        switch self.code {
        case .connectFailed, .connectTimeout, .connectionLost, .deadlineExceeded, .commitUnknown: true
        case .server(let state): state == .cannotConnectNow || state == .adminShutdown || state.family == "08"
        case .cancelled, .poolExhausted, .poolClosed, .decoding, .unsendable, .configuration, .misuse: false
        }
    }

    /// One safe line.
    package var description: String {
        let said = self.sqlState.map { "PostgreSQL answered \(SQLState(rawValue: $0))" }
        var places: [String] = []
        if let constraint { places.append("constraint \(constraint)") }
        if let table { places.append("table \(table)") }
        if let column { places.append("column \(column)") }
        let place = places.isEmpty ? "" : " (\(places.joined(separator: ", ")))"
        let sentence =
            switch self.code {
            case .server: said ?? "PostgreSQL refused"
            case .connectionLost: "The connection to PostgreSQL was lost"
            case .connectFailed where self.sqlState == SQLState.tooManyConnections.rawValue:
                "PostgreSQL has no connection left for us (53300 too_many_connections; docs/settings.md says how many we need)"
            case .connectFailed: "PostgreSQL can't be reached" + (said == nil ? "" : ": it") + (said.map { $0.dropFirst("PostgreSQL".count) } ?? "")
            case .connectTimeout: "PostgreSQL did not accept the connection in time"
            case .deadlineExceeded: "PostgreSQL did not answer in time"
            case .cancelled: "The statement was cancelled"
            case .commitUnknown: "The connection was lost during COMMIT; it may or may not have taken effect"
            case .poolExhausted: "No database connection became free in time"
            case .poolClosed: "The database pool is shut down"
            case .decoding: "A value from PostgreSQL is not of the expected type"
            case .unsendable: "A value can't be stored in PostgreSQL"
            case .configuration: "The database connection settings are not valid"
            case .misuse: "A database connection was used after it was given back"
            }
        return sentence + place + (self.summary.isEmpty ? "" : ": \(self.summary)")
    }
}
