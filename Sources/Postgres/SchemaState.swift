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
        let missing = try Self.pending(known: known, applied: applied)
        if !missing.isEmpty { throw SchemaTooOld(missing: missing.map(\.name)) }
        let unknown = Self.unknown(known: known, applied: applied)
        return unknown.isEmpty ? .current : .newer(unknown.map(\.name))
    }

    /// What is known and not applied, in order; throws `MigrationEdited` or `SchemaTooNew` when nothing may be added to what is there.
    static func pending(known: [Migration], applied: [AppliedMigration]) throws -> [Migration] {
        try Self.refuseEdited(known: known, applied: applied)
        let breaking = Self.unknown(known: known, applied: applied).filter(\.breaking)
        if !breaking.isEmpty { throw SchemaTooNew(unknown: breaking.map(\.name)) }
        let numbers = Set(applied.map(\.number))
        return known.filter { !numbers.contains($0.number) }.sorted { $0.number < $1.number }
    }

    private static func unknown(known: [Migration], applied: [AppliedMigration]) -> [AppliedMigration] {
        let numbers = Set(known.map(\.number))
        return applied.filter { !numbers.contains($0.number) }
    }

    /// Throws `MigrationEdited` when a text was changed after it had been applied.
    private static func refuseEdited(known: [Migration], applied: [AppliedMigration]) throws {
        let checksums = Dictionary(applied.map { ($0.number, $0.checksum) }) { first, _ in first }
        for migration in known {
            if let checksum = checksums[migration.number], checksum != migration.checksum { throw MigrationEdited(name: migration.name) }
        }
    }
}
