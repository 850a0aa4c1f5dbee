import CLibPQ

/// One answer of the server, freed when the last row of it is let go.
///
/// `@unchecked Sendable`: a `PGresult` does not change once libpq has handed it out, its reading functions are documented as safe
/// from any thread, and it is freed in `deinit`, when nobody can be reading.
final class PostgresResult: @unchecked Sendable {
    private let handle: OpaquePointer
    let rowCount: Int32
    let columnCount: Int32
    /// Whether its values are in PostgreSQL's binary form.
    let isBinary: Bool

    /// Takes over a result of `PQgetResult`.
    init(_ handle: OpaquePointer) {
        self.handle = handle
        self.rowCount = PQntuples(handle)
        self.columnCount = PQnfields(handle)
        self.isBinary = PQbinaryTuples(handle) == 1
    }

    deinit { PQclear(self.handle) }

    var status: ExecStatusType { PQresultStatus(self.handle) }

    /// What was done: `INSERT 0 5`, `COMMIT`, `ROLLBACK`.
    var commandTag: String { PQcmdStatus(self.handle).map { String(cString: $0) } ?? "" }

    /// Rows inserted, updated, deleted or returned; 0 for other commands.
    var affectedRows: Int { PQcmdTuples(self.handle).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// The value's bytes, as text or in binary form, which live as long as the result does; `nil` for NULL.
    func value(row: Int32, column: Int32) -> UnsafeBufferPointer<UInt8>? {
        guard PQgetisnull(self.handle, row, column) == 0, let start = PQgetvalue(self.handle, row, column) else { return nil }
        let bytes = UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: bytes, count: Int(PQgetlength(self.handle, row, column)))
    }

    func type(ofColumn column: Int32) -> PostgresType { PostgresType(rawValue: PQftype(self.handle, column)) }

    func name(ofColumn column: Int32) -> String? { PQfname(self.handle, column).map { String(cString: $0) } }

    /// Each row as `decode` reads it.
    func rows<Row>(_ decode: (PostgresRow) throws(PostgresError) -> Row) throws(PostgresError) -> [Row] {
        var rows: [Row] = []
        rows.reserveCapacity(Int(self.rowCount))
        for index in 0..<self.rowCount { rows.append(try decode(PostgresRow(result: self, index: index))) }
        return rows
    }

    /// The refusal this answer is, if it is one.
    var error: PostgresError? {
        switch self.status {
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE: break
        default: return nil
        }
        let message = self.field("M") ?? PQresultErrorMessage(self.handle).map { String(cString: $0) } ?? ""
        // Without a SQLSTATE it was libpq that spoke: the connection broke.
        guard let state = self.field("C") else { return PostgresError(.connectionLost, detail: message) }
        let detail = [message, self.field("D"), self.field("H")].compactMap { $0 }.joined(separator: "\n")
        let table = self.field("t").map { table in self.field("s").map { "\($0).\(table)" } ?? table }
        let severity = self.field("V") ?? self.field("S")
        return PostgresError(
            .server(SQLState(rawValue: state)), constraint: self.field("n"), table: table, column: self.field("c"),
            position: self.field("P").flatMap { Int($0) }, detail: detail,
            isStalePlan: state == SQLState.featureNotSupported.rawValue && self.field("R") == "RevalidateCachedQuery",
            isFatal: severity == "FATAL" || severity == "PANIC", message: message, hint: self.field("H"))
    }

    /// A part of an error message by its letter (PostgreSQL manual 55.8).
    private func field(_ letter: Unicode.Scalar) -> String? {
        PQresultErrorField(self.handle, Int32(letter.value)).map { String(cString: $0) }
    }
}
