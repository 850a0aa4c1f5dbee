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
        let (bytes, isBinary) = try self.value(column)
        guard let bytes else {
            guard let null = T.postgresNull else { throw self.mismatch(column, "is NULL", T.self) }
            return null
        }
        guard let value = isBinary ? T(postgresBinary: bytes) : T(postgresText: bytes) else { throw self.mismatch(column, "can't be read", T.self) }
        return value
    }

    /// The bytes of `column`, `nil` for NULL, and whether they are in binary form; of a document, those of its text.
    private func value(_ column: Int) throws(PostgresError) -> (bytes: UnsafeBufferPointer<UInt8>?, isBinary: Bool) {
        guard column >= 0, column < self.count else {
            throw PostgresError(.decoding, summary: "there is no column \(column), the row has \(self.count)")
        }
        let isBinary = self.result.isBinary
        guard let bytes = self.result.value(row: self.index, column: Int32(column)) else { return (nil, isBinary) }
        // A document's binary form is its text behind a version number, of which there is one.
        guard isBinary, self.result.type(ofColumn: Int32(column)) == .jsonb else { return (bytes, isBinary) }
        guard bytes.first == 1 else { throw self.mismatch(column, "is in an unknown form", String.self) }
        return (UnsafeBufferPointer(rebasing: bytes.dropFirst()), isBinary)
    }

    private func mismatch(_ column: Int, _ what: String, _ type: Any.Type) -> PostgresError {
        PostgresError(
            .decoding, column: self.result.name(ofColumn: Int32(column)), summary: "column \(column) \(what) where \(type) is expected")
    }
}
