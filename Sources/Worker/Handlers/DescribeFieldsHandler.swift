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
        let phase = schema.phaseField(named: tenant.settings.phaseField)?.name
        let note = NoteFields(
            tenant: tenant.id, acquisitionDate: schema.acquisitionDateField?.name, phase: phase,
            status: schema.statusField(named: tenant.settings.statusField)?.name)
        return .done { tx in
            try await tx.execute(note)
            if phase == nil {
                let text = "Marketo has no field \(tenant.settings.phaseField); deal phases are not reflected until it is made."
                try await tx.execute(
                    WriteNotes(tenant: tenant.id, notes: [WriteNotes.Note(kind: "field_missing", lead: nil, contact: nil, text: text)]))
            }
        }
    }
}
