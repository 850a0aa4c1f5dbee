import Postgres

/// What follows when a handler throws.
enum JobFailure {
    /// The error's own verdict, if it has one; no attempt for a database that is away or busy with others; else another try.
    ///
    /// A statement that ran out of its time spends an attempt: the next may fare no better.
    static func verdict(on error: any Error) -> Verdict {
        if let convertible = error as? any JobVerdictConvertible { return convertible.verdict }
        if let database = error as? PostgresError, database.isTransient, database.sqlState != SQLState.queryCanceled.rawValue {
            return .postpone(for: .milliseconds(Int64.random(in: 500...2_000)), reason: "\(database)")
        }
        return .retry(reason: Self.text(for: error))
    }

    /// What may be stored of an error.
    ///
    /// Ours describe themselves safely; of any other the type has to do, as its text might hold a secret.
    static func text(for error: any Error) -> String {
        // Asked of the type: any error can be cast to a describable one.
        if type(of: error) is any CustomStringConvertible.Type { return String("\(error)".prefix(2_000)) }
        return "the handler failed with \(type(of: error))"
    }
}
