/// Which statements one connection has prepared, and under which names.
struct StatementCache: Sendable {
    private struct Key: Hashable {
        let statement: ObjectIdentifier
        let types: [PostgresType]
    }

    private var names: [Key: String] = [:]
    private var lastNumber = 0

    /// The name of the statement type as prepared with these types of values, if it has been.
    func name(of statement: any PostgresStatement.Type, types: [PostgresType]) -> String? {
        self.names[Key(statement: ObjectIdentifier(statement), types: types)]
    }

    /// A name that no statement of this connection has had.
    mutating func makeName() -> String {
        self.lastNumber += 1
        return "s\(self.lastNumber)"
    }

    /// Remembers that it is prepared.
    mutating func insert(_ name: String, of statement: any PostgresStatement.Type, types: [PostgresType]) {
        self.names[Key(statement: ObjectIdentifier(statement), types: types)] = name
    }

    /// Forgets it: its plan is out of date or the server does not know it.
    mutating func remove(_ statement: any PostgresStatement.Type, types: [PostgresType]) {
        self.names[Key(statement: ObjectIdentifier(statement), types: types)] = nil
    }
}
