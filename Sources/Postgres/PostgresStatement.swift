/// One named SQL statement: constant text, values for its `$n`, and how one of its rows is read.
///
/// - Shape: as the text is constant, a test can have the server parse all of them, and a connection prepares each type once.
///   The server infers the type of a plain `$n` from its place; where it can't, write a cast: `unnest($1::bigint[])`.
package protocol PostgresStatement: Sendable {
    /// What one row becomes; `PostgresNoRow` for a statement that returns none.
    associatedtype Row: Sendable
    /// The whole text, with `$1`, `$2` … for values.
    static var sql: String { get }
    /// The values of `$1`, `$2` …, in order.
    var binds: [PostgresBind] { get }
    /// Whether its rows come in PostgreSQL's binary form, which costs both sides less than text.
    ///
    /// For columns of whole numbers, texts, truth values, `float8`, `timestamptz`, `uuid` and `jsonb`; no others can be read in it.
    static var isBinary: Bool { get }
    /// Reads one row.
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row
}

/// The row of a statement that returns none: there is no such value.
package enum PostgresNoRow: Sendable {}

extension PostgresStatement where Row == PostgresNoRow {
    /// Never called by a statement that returns no rows; one that does after all has the wrong `Row`.
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> PostgresNoRow {
        throw PostgresError(.decoding, summary: "the statement was not expected to return rows")
    }
}

extension PostgresStatement {
    /// As text, which can be read of any column.
    package static var isBinary: Bool { false }
    /// None, unless the statement has any.
    package var binds: [PostgresBind] { [] }
}
