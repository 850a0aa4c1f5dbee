import Postgres

/// Tells listening processes to look now.
///
/// Touches no table; sent by itself, never within an application's transaction, where NOTIFY's global lock would be paid at COMMIT.
struct JobsNotify: PostgresStatement {
    /// The channel's name.
    static let channel = "jobs_ready"
    static let sql = "SELECT pg_notify('jobs_ready', $1)"

    /// Empty, or the mark of a process that listens for itself.
    let payload: String

    var binds: [PostgresBind] { [.text(self.payload)] }

    /// Always one row, which nobody needs.
    static func decode(_ row: PostgresRow) throws(PostgresError) {}
}
