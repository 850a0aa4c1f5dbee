/// One row of an answer; its values are read in place, without a copy in between.
package struct PostgresRow: Sendable {
    let result: PostgresResult
    let index: Int32

    /// How many columns it has.
    package var count: Int { Int(self.result.columnCount) }

    /// Whether the value of `column` (counted from 0) is NULL.
    package func isNull(_ column: Int) -> Bool { self.result.text(row: self.index, column: Int32(column)) == nil }

    /// The value of `column` (counted from 0), as the type asked for.
    ///
    /// - Ends: `decoding`, naming the column and the type and never the value, when it is NULL or of another type.
    package func decode<T: PostgresDecodable>(_ column: Int, as type: T.Type = T.self) throws(PostgresError) -> T {
        guard column >= 0, column < self.count else {
            throw PostgresError(.decoding, summary: "there is no column \(column), the row has \(self.count)")
        }
        guard let text = self.result.text(row: self.index, column: Int32(column)) else {
            guard let null = T.postgresNull else { throw self.mismatch(column, "is NULL", T.self) }
            return null
        }
        guard let value = T(postgresText: text) else { throw self.mismatch(column, "can't be read", T.self) }
        return value
    }

    private func mismatch(_ column: Int, _ what: String, _ type: Any.Type) -> PostgresError {
        PostgresError(
            .decoding, column: self.result.name(ofColumn: Int32(column)), summary: "column \(column) \(what) where \(type) is expected")
    }
}
