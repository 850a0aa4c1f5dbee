import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// Makes leads of contacts, up to 300 in a call, one call at a time a tenant; see ``CreateLead``.
///
/// Each address is looked for first, so an answer that was lost never makes a second lead. What Marketo refuses is noted; the next edit of the contact
/// asks again.
struct CreateLeadHandler: JobBatchHandler {
    let bridge: Bridge
    let batchSize = MarketoClient.recordsPerCall

    func run(_ jobs: [ClaimedJob<CreateLead>], context: JobContext) async throws -> BatchVerdict {
        guard let first = jobs.first, let tenant = try await self.bridge.tenant(first.tenant) else { return .all(.done()) }
        guard try await context.pool.first(TakeCreationTurn(tenant: tenant.id, job: first.id.rawValue)) == true else {
            return .all(.postpone(for: .seconds(1), reason: "Leads of this tenant are being made just now."))
        }
        let contacts = Array(Set(jobs.map(\.payload.contact))).sorted()
        var creation = Creation(try await context.pool.query(FindCreations(tenant: tenant.id, contacts: contacts)))
        let observedAt = context.now
        if !creation.isEmpty {
            let emails = creation.keys.map(\.text)
            creation.takeFound(try await tenant.ask(for: .push) { try await $0.leads(emails: emails, fields: tenant.fields) })
            try await self.make(&creation, tenant, job: first.id, on: context.pool)
        }
        return self.verdict(on: jobs, creation, tenant, observedAt: observedAt)
    }

    /// Has Marketo make what it does not have.
    private func make(_ creation: inout Creation, _ tenant: ConnectedTenant, job: JobID, on pool: PostgresPool) async throws {
        var withCompany = true
        for _ in 0..<3 {
            let wanted = creation.wanted
            guard !wanted.isEmpty else { return }
            let inputs = wanted.map { $0.input(withCompany: withCompany) }
            _ = try await pool.transaction { tx in
                try await tx.execute(NoteCreation(tenant: tenant.id, job: job.rawValue, contacts: wanted.map(\.contact)))
            }
            do {
                let outcomes = try await tenant.ask(for: .push) { try await $0.syncLeads(inputs, action: .createOnly) }
                let again = creation.take(outcomes, of: wanted)
                guard !again.isEmpty else { return }
                withCompany = false
                // Somebody else has made it meanwhile, perhaps this very job's lost call: it is there now.
                let existing = again.filter(\.exists).map(\.key.text)
                if !existing.isEmpty {
                    creation.takeFound(try await tenant.ask(for: .push) { try await $0.leads(emails: existing, fields: tenant.fields) })
                }
            } catch let error as MarketoError where !error.isOutcomeUnknown {
                try await self.free(tenant, job, pool)
                throw error
            } catch let error as CallHeld {
                try await self.free(tenant, job, pool)
                throw error
            }
        }
    }

    /// Nothing was made this time; what an earlier call may have made is still to be found.
    private func free(_ tenant: ConnectedTenant, _ job: JobID, _ pool: PostgresPool) async throws {
        _ = try await pool.transaction { tx in try await tx.execute(EndCreation(tenant: tenant.id, job: job.rawValue, answered: [])) }
    }

    private func verdict(
        on jobs: [ClaimedJob<CreateLead>], _ creation: Creation, _ tenant: ConnectedTenant, observedAt: Date
    ) -> BatchVerdict {
        var verdicts: [JobID: Verdict] = [:]
        for job in jobs where creation.isOpen(job.payload.contact) {
            verdicts[job.id] = .retry(reason: "Marketo did not make the lead this time.", after: .seconds(2))
        }
        guard let first = jobs.first else { return BatchVerdict(verdicts, others: .done()) }
        return BatchVerdict(verdicts, others: .done()) { tx, held in
            guard held.contains(first.id) else { throw CreationLost() }
            // The rows of the mirror before the turn is taken: whoever has it waits for none of them.
            let found = creation.found.map { CleanLead($0) }
            if !found.isEmpty { _ = try await tx.query(MirrorLeads(tenant: tenant.id, observedAt: observedAt, leads: found)) }
            try await tx.execute(HoldTurn(tenant: tenant.id))
            if !creation.links.isEmpty { try await tx.execute(LinkLeads(tenant: tenant.id, links: creation.links, job: first.id.rawValue)) }
            // What was read of a lead before it had this contact is applied to it now; perhaps it was held back for want of one.
            try await tx.enqueue(creation.found.map { UpsertContact(lead: $0.id) }, tenant: tenant.id.rawValue)
            if !creation.notes.isEmpty { try await tx.execute(WriteNotes(tenant: tenant.id, notes: creation.notes)) }
            let answered = jobs.map(\.payload.contact).filter { !creation.isOpen($0) }
            try await tx.execute(EndCreation(tenant: tenant.id, job: first.id.rawValue, answered: answered))
        }
    }
}

/// The job that had the turn was lost meanwhile.
private struct CreationLost: Error, JobVerdictConvertible {
    var verdict: Verdict { .postpone(for: .seconds(1), reason: "The job that had the turn to make leads was lost.") }
}
