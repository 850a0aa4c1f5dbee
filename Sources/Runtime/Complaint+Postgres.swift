import Postgres

/// The one place where the database's errors become sentences and exit codes.
extension Complaint {
    /// What the person is told about `error`; safe to print, as PostgresError's own description is.
    package init(_ error: any Error) {
        switch error {
        case let complaint as Complaint: self = complaint
        case let error as PostgresError where error.code == .configuration:
            self.init("\(VariableName.database) can't be used: \(error).", ending: .usage)
        case let error as PostgresError: self.init("\(error).", ending: error.isUnreachable ? .unreachable : .failed)
        case let error as MigrationFailed: self.init("\(error).", ending: error.reason.isUnreachable ? .unreachable : .failed)
        case is CancellationError: self.init("Stopped before it was done.", ending: .failed)
        default: self.init("\(error)", ending: .failed)
        }
    }
}
