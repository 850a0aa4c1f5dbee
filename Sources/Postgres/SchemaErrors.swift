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

/// The server is older than the migrations need.
package struct ServerTooOld: Error, Sendable, Equatable, CustomStringConvertible {
    /// The major version of PostgreSQL that was found.
    package let version: Int
    /// The first that will do.
    package let needed: Int

    /// One line that says what to do.
    package var description: String {
        "The database server is PostgreSQL \(self.version), and PostgreSQL \(self.needed) or newer is needed. Nothing was changed; upgrade the server"
    }
}

/// A migration did not go through; nothing of it has taken effect, unless the connection was lost at its very end.
package struct MigrationFailed: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file's name without `.sql`.
    package let name: String
    /// The line of the file, from 1, when PostgreSQL said where.
    package let line: Int?
    /// Why.
    package let reason: PostgresError

    /// One line.
    ///
    /// Where the migration itself refused (class P0), its own sentence and advice, which are written for this reader.
    package var description: String {
        if self.reason.code == .commitUnknown {
            return "The connection was lost while migration \(self.name) was being committed, so it may or may not have taken effect. "
                + "Run kakehashi migrate again: it finds out and goes on"
        }
        let place = self.line.map { " at line \($0)" } ?? ""
        return "Migration \(self.name) failed\(place), nothing of it has taken effect: \(self.why)"
    }

    private var why: String {
        guard case .server(let state) = self.reason.code, state.family == "P0", !self.reason.message.isEmpty else { return "\(self.reason)" }
        return self.reason.message + (self.reason.hint.map { " (\($0))" } ?? "")
    }
}
