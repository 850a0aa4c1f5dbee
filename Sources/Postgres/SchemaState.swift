/// How a database's schema stands to what a program knows.
///
/// Deciding only; `Migrator` reads and acts.
package enum SchemaState: Sendable, Equatable {
    /// Just what the program knows.
    case current
    /// A newer program has added these, and they do no harm.
    case newer([String])

    /// Compares; throws `MigrationEdited`, `SchemaTooNew` or `SchemaTooOld`, in this order.
    static func compare(known: [Migration], applied: [AppliedMigration]) throws -> SchemaState {
        try Self.refuseEdited(known: known, applied: applied)
        let numbers = Set(known.map(\.number))
        let unknown = applied.filter { !numbers.contains($0.number) }
        let breaking = unknown.filter(\.breaking)
        if !breaking.isEmpty { throw SchemaTooNew(unknown: breaking.map(\.name)) }
        let missing = Self.pending(known: known, applied: applied)
        if !missing.isEmpty { throw SchemaTooOld(missing: missing.map(\.name)) }
        return unknown.isEmpty ? .current : .newer(unknown.map(\.name))
    }

    /// What is known and not applied, in order.
    static func pending(known: [Migration], applied: [AppliedMigration]) -> [Migration] {
        let numbers = Set(applied.map(\.number))
        return known.filter { !numbers.contains($0.number) }.sorted { $0.number < $1.number }
    }

    /// Throws `MigrationEdited` when a text was changed after it had been applied.
    static func refuseEdited(known: [Migration], applied: [AppliedMigration]) throws {
        let checksums = Dictionary(applied.map { ($0.number, $0.checksum) }) { first, _ in first }
        for migration in known {
            if let checksum = checksums[migration.number], checksum != migration.checksum { throw MigrationEdited(name: migration.name) }
        }
    }
}
