/// A statement with its values, ready to go to the server; its answer may be wanted later or not at all.
struct PreparedRequest: Sendable {
    let type: any PostgresStatement.Type
    let binds: EncodedBinds

    /// `statement` with its values.
    init<S: PostgresStatement>(_ statement: S) throws(PostgresError) {
        self.type = S.self
        self.binds = try EncodedBinds(statement.binds)
    }
}
