package import Postgres

/// An operator's order on one job: the sentence that says what was done.
///
/// Carried by `job_pkey` and `dead_pkey`.
///
/// - Ends: a `server` error with SQLSTATE `P0002` (no such job) or `55000` (not in a state for it) and a sentence.
package struct JobOrder: PostgresStatement {
    /// What may be ordered.
    package enum Order: String, Sendable, CaseIterable {
        /// Due now.
        case retry
        /// Called off.
        case cancel
        /// To the dead.
        case bury
    }

    package static let sql = """
        SELECT CASE $1
            WHEN 'retry' THEN jobs.retry($2)
            WHEN 'cancel' THEN jobs.cancel($2)
            WHEN 'bury' THEN jobs.bury($2, coalesce($3, 'buried by an operator'))
            END
        """

    /// What is ordered.
    package let order: Order
    /// On which job.
    package let id: JobID
    /// For `bury`.
    package let reason: String?

    /// Orders it.
    package init(_ order: Order, _ id: JobID, reason: String? = nil) {
        self.order = order
        self.id = id
        self.reason = reason
    }

    /// The values.
    package var binds: [PostgresBind] { [.text(self.order.rawValue), .int8(self.id.rawValue), .text(self.reason)] }

    /// Reads the sentence.
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}
