package import FoundationEssentials

/// The usual types once more, each by itself: to whom the type is known only as it runs, Swift's search for the type of its optional takes longer than to read
/// the value, a sixth of what a process does for a job.
extension PostgresRow {
    /// A whole number; as `decode` of any type.
    package func decode(_ column: Int) throws(PostgresError) -> Int64 { try self.decode(column, as: Int64.self) }

    /// A whole number, or NULL; as `decode` of any type.
    package func decode(_ column: Int) throws(PostgresError) -> Int64? { try self.decode(column, as: Int64?.self) }

    /// A whole number; as `decode` of any type.
    package func decode(_ column: Int) throws(PostgresError) -> Int { try self.decode(column, as: Int.self) }

    /// A whole number, or NULL; as `decode` of any type.
    package func decode(_ column: Int) throws(PostgresError) -> Int? { try self.decode(column, as: Int?.self) }

    /// A truth value; as `decode` of any type.
    package func decode(_ column: Int) throws(PostgresError) -> Bool { try self.decode(column, as: Bool.self) }

    /// A truth value, or NULL; as `decode` of any type.
    package func decode(_ column: Int) throws(PostgresError) -> Bool? { try self.decode(column, as: Bool?.self) }

    /// A text; as `decode` of any type.
    package func decode(_ column: Int) throws(PostgresError) -> String { try self.decode(column, as: String.self) }

    /// A text, or NULL; as `decode` of any type.
    package func decode(_ column: Int) throws(PostgresError) -> String? { try self.decode(column, as: String?.self) }

    /// A moment; as `decode` of any type.
    package func decode(_ column: Int) throws(PostgresError) -> Date { try self.decode(column, as: Date.self) }

    /// A moment, or NULL; as `decode` of any type.
    package func decode(_ column: Int) throws(PostgresError) -> Date? { try self.decode(column, as: Date?.self) }
}
