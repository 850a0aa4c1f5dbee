import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// Asks which fields the leads have; see ``DescribeFields``.
struct DescribeFieldsHandler: JobHandler {
    let bridge: Bridge

    func run(_ job: ClaimedJob<DescribeFields>, context: JobContext) async throws -> Verdict {
        guard let tenant = try await self.bridge.tenant(job.tenant) else { return .done() }
        let schema = try await tenant.ask(for: .control) { try await $0.describe() }
        let phase = schema.phaseField(named: tenant.settings.phaseField)
        let status = schema.statusField(named: tenant.settings.statusField)
        let note = NoteFields(
            tenant: tenant.id, acquisitionDate: schema.acquisitionDateField?.name,
            phase: .init(name: phase?.name, fault: phase.fault, length: phase?.length),
            status: .init(name: status?.name, fault: status.fault, length: status?.length))
        let roles = [
            (phase, tenant.settings.phaseField, LeadSchema.phaseTypes, "deal phases are not reflected"),
            (status, tenant.settings.statusField ?? "leadStatus", LeadSchema.statusTypes, "activities are not reflected"),
        ]
        let faults = Self.note(.fieldMissing, roles.compactMap { Self.fault(of: $0.0, named: $0.1, consequence: $0.3) })
        let warnings = Self.note(.fieldWrongType, roles.compactMap { Self.warning(on: $0.0, types: $0.2) })
        return .done { tx in
            try await tx.execute(note)
            // What was mended is no news any more.
            try await tx.execute(DropFieldNotes(tenant: tenant.id))
            try await tx.execute(WriteNotes(tenant: tenant.id, notes: faults + warnings))
        }
    }

    /// Why nothing is sent to a field, for a person who can mend it (R66).
    private static func fault(of field: LeadFieldDescription?, named name: String, consequence: String) -> String? {
        switch field.fault {
        case nil: nil
        case "field_read_only": "Marketo's field \(name) can't be written; \(consequence) until that is changed."
        default: "Marketo has no field \(name); \(consequence) until it is made."
        }
    }

    /// What may go wrong with a field that is there (R36).
    private static func warning(on field: LeadFieldDescription?, types: [String]) -> String? {
        guard let field, !field.isReadOnly, !types.contains(field.dataType) else { return nil }
        return "Marketo's field \(field.name) is of the type \(field.dataType), where \(types[0]) is expected; values that don't fit are refused."
    }

    /// One note of a kind, whatever the number of fields: a note is told once.
    private static func note(_ kind: SyncNote.Kind, _ sentences: [String]) -> [WriteNotes.Note] {
        guard !sentences.isEmpty else { return [] }
        return [WriteNotes.Note(kind: kind.rawValue, lead: nil, contact: nil, text: sentences.joined(separator: " "))]
    }
}
