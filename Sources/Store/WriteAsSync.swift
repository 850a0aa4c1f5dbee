package import Postgres

/// Allows this transaction, and no other, to write Lead ID, Lead Score and Acquisition Date of contacts (R64, promise 11).
///
/// - Index: none; it sets a value which only this transaction has.
package struct WriteAsSync: PostgresStatement {
    /// For the sync alone.
    package init() {}

    package static let sql = "SELECT FROM crm.write_as_sync()"
    package static func decode(_ row: PostgresRow) throws(PostgresError) {}
}
