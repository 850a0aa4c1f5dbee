import Postgres

extension PostgresError {
    /// The database refused what a record holds; without that record the same statement may well go through.
    ///
    /// Data that is out of range or breaks a constraint, a limit of the server, a trigger's own exception, a text that can't be sent.
    package var blamesTheRecord: Bool {
        switch self.code {
        case .server(let state): ["22", "23", "42", "44", "54", "P0", "38", "39"].contains(state.family)
        case .unsendable: true
        case .connectionLost, .connectFailed, .connectTimeout, .deadlineExceeded, .cancelled, .commitUnknown, .poolExhausted, .poolClosed,
            .decoding, .configuration, .misuse:
            false
        }
    }
}
