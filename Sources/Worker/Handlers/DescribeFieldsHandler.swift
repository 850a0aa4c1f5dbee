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
        let faults = [
            (phase, tenant.settings.phaseField, "deal phases are not reflected"),
            (status, tenant.settings.statusField ?? "leadStatus", "activities are not reflected"),
        ].flatMap { Self.notes(on: $0.0, named: $0.1, consequence: $0.2) }
        return .done { tx in
            try await tx.execute(note)
            // What was mended is no news any more.
            try await tx.execute(DropFieldNotes(tenant: tenant.id))
            if !faults.isEmpty { try await tx.execute(WriteNotes(tenant: tenant.id, notes: faults)) }
        }
    }

    /// Why nothing is sent to a field, for a person who can mend it (R66).
    private static func notes(on field: LeadFieldDescription?, named name: String, consequence: String) -> [WriteNotes.Note] {
        guard let field else {
            return [
                WriteNotes.Note(
                    kind: SyncNote.Kind.fieldMissing.rawValue, lead: nil, contact: nil,
                    text: "Marketo has no field \(name); \(consequence) until it is made.")
            ]
        }
        guard field.isReadOnly else { return [] }
        return [
            WriteNotes.Note(
                kind: SyncNote.Kind.fieldMissing.rawValue, lead: nil, contact: nil,
                text: "Marketo's field \(name) can't be written; \(consequence) until that is changed.")
        ]
    }
}
