/// The five characters by which PostgreSQL says what kind of refusal it was, such as `23505`.
///
/// - Source: PostgreSQL manual, appendix A.
package struct SQLState: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The code as sent: five upper-case letters and digits.
    package let rawValue: String

    /// Any code, known here or not.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// The first two characters, which name the family.
    package var family: String { String(self.rawValue.prefix(2)) }

    /// The code and, for those an operator meets, its name: `23505 unique_violation`.
    package var description: String {
        if let name = Self.names[self.rawValue] { "\(self.rawValue) \(name)" } else { self.rawValue }
    }

    /// A row with this key is there already.
    package static let uniqueViolation = SQLState(rawValue: "23505")
    /// A row that must be there is not, or one that is still referred to was deleted.
    package static let foreignKeyViolation = SQLState(rawValue: "23503")
    /// A value breaks a rule of its table.
    package static let checkViolation = SQLState(rawValue: "23514")
    /// A value that must be given is missing.
    package static let notNullViolation = SQLState(rawValue: "23502")
    /// Not allowed to this role (also raised by our guards, CONTRACT 4).
    package static let insufficientPrivilege = SQLState(rawValue: "42501")
    /// No such table.
    package static let undefinedTable = SQLState(rawValue: "42P01")
    /// No such schema.
    package static let invalidSchemaName = SQLState(rawValue: "3F000")
    /// Two transactions waited for each other; this one was chosen to give way.
    package static let deadlockDetected = SQLState(rawValue: "40P01")
    /// The transaction's view of the data was overtaken; it may be run again.
    package static let serializationFailure = SQLState(rawValue: "40001")
    /// A lock was not to be had in time.
    package static let lockNotAvailable = SQLState(rawValue: "55P03")
    /// The statement was stopped: its time was up, or somebody cancelled it.
    package static let queryCanceled = SQLState(rawValue: "57014")
    /// The server or an operator ended the connection.
    package static let adminShutdown = SQLState(rawValue: "57P01")
    /// The server is starting or stopping.
    package static let cannotConnectNow = SQLState(rawValue: "57P03")
    /// A statement of this transaction failed before, so it can only be rolled back.
    package static let inFailedTransaction = SQLState(rawValue: "25P02")
    /// The transaction lay idle for too long.
    package static let idleInTransaction = SQLState(rawValue: "25P03")
    /// The prepared statement is not there (any more).
    package static let invalidStatementName = SQLState(rawValue: "26000")
    /// Not supported; also "cached plan must not change result type".
    package static let featureNotSupported = SQLState(rawValue: "0A000")
    /// All of the server's connections, or of the role's, are taken.
    package static let tooManyConnections = SQLState(rawValue: "53300")
    /// The server does not know this user or password.
    package static let invalidPassword = SQLState(rawValue: "28P01")
    /// No such database.
    package static let invalidCatalogName = SQLState(rawValue: "3D000")

    /// Whether the cause passes by itself, so that the same statement may go through later.
    ///
    /// Families 08 (connection), 40 (rolled back), 53 (resources), 57P0x (shutdown, crash, starting up) as wholes; of the others
    /// the single codes that are about the moment and not about the statement.
    package var isTransient: Bool {
        switch self.family {
        case "08", "40", "53": true
        default:
            switch self.rawValue {
            case "57014", "57P01", "57P02", "57P03", "57P05": true  // timed out; shutting down, crashed, starting, idle too long
            case "55P03", "55006": true  // lock not available, object in use
            case "25P03", "25P04": true  // idle in transaction, transaction time-out
            case "25006": true  // read-only: the primary has just become a standby
            case "58030": true  // input/output error
            case "26000": true  // prepared statement vanished: the next run prepares it anew
            default: false
            }
        }
    }

    private static let names: [String: String] = [
        "08000": "connection_exception", "08003": "connection_does_not_exist", "08006": "connection_failure", "08P01": "protocol_violation",
        "0A000": "feature_not_supported", "21000": "cardinality_violation", "22001": "string_data_right_truncation",
        "22003": "numeric_value_out_of_range", "22007": "invalid_datetime_format", "22008": "datetime_field_overflow",
        "22012": "division_by_zero", "22021": "character_not_in_repertoire", "22023": "invalid_parameter_value",
        "22P02": "invalid_text_representation", "22P03": "invalid_binary_representation", "22P05": "untranslatable_character",
        "23502": "not_null_violation", "23503": "foreign_key_violation", "23505": "unique_violation", "23514": "check_violation",
        "23P01": "exclusion_violation", "25001": "active_sql_transaction", "25006": "read_only_sql_transaction",
        "25P02": "in_failed_sql_transaction", "25P03": "idle_in_transaction_session_timeout", "25P04": "transaction_timeout",
        "26000": "invalid_sql_statement_name", "28000": "invalid_authorization_specification", "28P01": "invalid_password",
        "3D000": "invalid_catalog_name", "3F000": "invalid_schema_name", "40001": "serialization_failure",
        "40003": "statement_completion_unknown", "40P01": "deadlock_detected", "42501": "insufficient_privilege", "42601": "syntax_error",
        "42703": "undefined_column", "42704": "undefined_object", "42710": "duplicate_object", "42804": "datatype_mismatch",
        "42883": "undefined_function", "42P01": "undefined_table", "42P05": "duplicate_prepared_statement", "42P06": "duplicate_schema",
        "42P07": "duplicate_table", "42P18": "indeterminate_datatype", "53100": "disk_full", "53200": "out_of_memory",
        "53300": "too_many_connections", "54000": "program_limit_exceeded", "55000": "object_not_in_prerequisite_state",
        "55006": "object_in_use", "55P03": "lock_not_available", "57014": "query_canceled", "57P01": "admin_shutdown",
        "57P02": "crash_shutdown", "57P03": "cannot_connect_now", "57P05": "idle_session_timeout", "58030": "io_error",
        "P0001": "raise_exception", "P0002": "no_data_found", "XX000": "internal_error",
    ]
}
