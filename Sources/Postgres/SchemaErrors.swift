/// The database's schema is older than this program needs.
package struct SchemaTooOld: Error, Sendable, Equatable, CustomStringConvertible {
    /// The migrations the database lacks, in order.
    package let missing: [String]

    /// One line that names the command that mends it.
    package var description: String {
        "The database schema is older than this program needs (it lacks \(self.missing.joined(separator: ", "))). Run: kakehashi migrate"
    }
}

/// The database's schema has been changed by a newer program in a way that this one can't work with.
package struct SchemaTooNew: Error, Sendable, Equatable, CustomStringConvertible {
    /// The breaking migrations this program does not know.
    package let unknown: [String]

    /// One line that says what to do.
    package var description: String {
        "The database schema is newer than this program can work with (it has \(self.unknown.joined(separator: ", "))). Install the newer program"
    }
}

/// The text of a migration was changed after it had been applied.
package struct MigrationEdited: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file's name without `.sql`.
    package let name: String

    /// One line that says what to do.
    package var description: String {
        "Migration \(self.name) was changed after it had been applied to this database; put its text back and make the change in a new migration"
    }
}

/// A migration did not go through; nothing of it has taken effect.
package struct MigrationFailed: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file's name without `.sql`.
    package let name: String
    /// The line of the file, from 1, when PostgreSQL said where.
    package let line: Int?
    /// Why.
    package let reason: PostgresError

    /// One safe line.
    package var description: String {
        "Migration \(self.name) failed\(self.line.map { " at line \($0)" } ?? ""), nothing of it has taken effect: \(self.reason)"
    }
}
