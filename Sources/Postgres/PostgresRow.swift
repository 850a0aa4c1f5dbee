/// One row of an answer; its values are read in place, without a copy in between.
package struct PostgresRow: Sendable {
    let result: PostgresResult
    let index: Int32

    /// How many columns it has.
    package var count: Int { Int(self.result.columnCount) }

    /// Whether the value of `column` (counted from 0) is NULL.
    package func isNull(_ column: Int) -> Bool { self.result.value(row: self.index, column: Int32(column)) == nil }

    /// The value of `column` (counted from 0), as the type asked for.
    ///
    /// - Ends: `decoding`, naming the column and the type and never the value, when it is NULL or of another type.
    package func decode<T: PostgresDecodable>(_ column: Int, as type: T.Type = T.self) throws(PostgresError) -> T {
        guard column >= 0, column < self.count else {
            throw PostgresError(.decoding, summary: "there is no column \(column), the row has \(self.count)")
        }
        guard let bytes = self.result.value(row: self.index, column: Int32(column)) else {
            guard let null = T.postgresNull else { throw self.mismatch(column, "is NULL", T.self) }
            return null
        }
        guard let value = self.result.isBinary ? self.binary(bytes, column, T.self) : T(postgresText: bytes) else {
            throw self.mismatch(column, "can't be read", T.self)
        }
        return value
    }

    private func binary<T: PostgresDecodable>(_ bytes: UnsafeBufferPointer<UInt8>, _ column: Int, _ type: T.Type) -> T? {
        // A document's binary form is its text behind a version number, of which there is one.
        guard self.result.type(ofColumn: Int32(column)) == .jsonb else { return T(postgresBinary: bytes) }
        return bytes.first == 1 ? T(postgresBinary: UnsafeBufferPointer(rebasing: bytes.dropFirst())) : nil
    }

    private func mismatch(_ column: Int, _ what: String, _ type: Any.Type) -> PostgresError {
        PostgresError(
            .decoding, column: self.result.name(ofColumn: Int32(column)), summary: "column \(column) \(what) where \(type) is expected")
    }
}
