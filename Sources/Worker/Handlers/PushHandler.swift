import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// Has Marketo show what is new about contacts, up to 300 leads in a call; the same for each kind of push.
///
/// Takes what waits in a transaction of its own, calls with none open, and notes what came of it as the jobs end. A worker that falls in between leaves it
/// taken; whoever runs the job next sees that nobody holds it any more. Setting a value twice is the same as once.
struct PushHandler<Payload: PushJob>: JobBatchHandler {
    let bridge: Bridge
    let batchSize = MarketoClient.recordsPerCall
    /// How long a run may go on calling; what is left then waits for the next.
    private static var patience: Duration { .seconds(60) }

    func run(_ jobs: [ClaimedJob<Payload>], context: JobContext) async throws -> BatchVerdict {
        guard let first = jobs.first, let tenant = try await self.bridge.tenant(first.tenant) else { return .all(.done()) }
        let known = try await context.pool.first(TenantFields(tenant: tenant.id))
        let fields = PushFields(known, settings: tenant.settings)
        let contacts = Array(Set(jobs.map(\.payload.contact))).sorted()
        let (rows, left) = try await context.pool.transaction { tx in
            try await tx.execute(HoldTurn(tenant: tenant.id, to: .pushes))
            for (field, fault) in [(DesiredValue.Field.phase, known?.phaseFault), (.status, known?.statusFault)] {
                if let fault { try await tx.execute(ParkPushes(tenant: tenant.id, field: field, reason: fault)) }
            }
            try await tx.execute(RestPushes(tenant: tenant.id, contacts: contacts))
            let rows = try await tx.query(
                TakePushes(
                    tenant: tenant.id, job: first.id.rawValue, worker: context.worker, contacts: contacts, most: MarketoClient.recordsPerCall))
            let left = FindLeftContacts(tenant: tenant.id, job: first.id.rawValue, kind: Payload.kind, contacts: contacts)
            return (rows, Dictionary(try await tx.query(left).map { ($0.contact, $0.confirmAt) }) { first, _ in first })
        }
        var round = PushRound()
        let notes = try await self.send(rows, fields, tenant, &round)
        let gone = try await self.lookUp(&round, tenant)
        return self.verdict(on: jobs, round, left: left, now: context.now, gone: gone, notes: notes, tenant, fields)
    }

    /// Sends what can be sent; the notes on what can't.
    private func send(
        _ rows: [PushRow], _ fields: PushFields, _ tenant: ConnectedTenant, _ round: inout PushRound
    ) async throws -> [WriteNotes.Note] {
        var sendable: [PushRow] = []
        for row in rows {
            if let objection = fields.objection(to: row) { round.end([row], .refused, objection) } else { sendable.append(row) }
        }
        var notes: [WriteNotes.Note] = []
        do {
            let taken = try await self.addressesOfOthers(sendable, tenant)
            for row in sendable where row.field == "email" {
                guard let other = taken[row] else { continue }
                round.end([row], .refused, "email_conflict")
                let text =
                    "Contact \(row.contact)'s new e-mail address belongs to lead \(other) in Marketo already, so it was not sent to lead \(row.lead)."
                notes.append(WriteNotes.Note(kind: SyncNote.Kind.emailConflict.rawValue, lead: row.lead, contact: row.contact, text: text))
            }
            sendable.removeAll { taken[$0] != nil }
        } catch {
            // The look-up failed: the addresses wait, the other fields go on.
            let addresses = sendable.filter { $0.field == "email" }
            round.end(addresses, .unsent)
            sendable.removeAll { $0.field == "email" }
            if sendable.isEmpty { round.fail(error) }
        }
        let calls = PushCall.calls(for: sendable)
        let deadline = ContinuousClock.now + Self.patience
        for (place, call) in calls.enumerated() {
            do {
                let outcomes = try await tenant.ask(for: .push) { try await $0.syncLeads(call.inputs(fields)) }
                round.take(outcomes, of: call, fields)
            } catch {
                guard round.take(error, of: call) else {
                    round.leave(calls[(place + 1)...])
                    break
                }
            }
            if ContinuousClock.now > deadline {
                round.leave(calls[(place + 1)...])
                break
            }
        }
        return notes
    }

    /// Of new addresses those that another lead has already (D14), and which.
    private func addressesOfOthers(_ rows: [PushRow], _ tenant: ConnectedTenant) async throws -> [PushRow: LeadID] {
        var askers: [EmailKey: [PushRow]] = [:]
        for row in rows where row.field == "email" {
            if case .valid(let address) = EmailAddress.read(row.value) { askers[address.key, default: []].append(row) }
        }
        guard !askers.isEmpty else { return [:] }
        let emails = askers.keys.sorted().map(\.text)
        let page = try await tenant.ask(for: .push) { try await $0.leads(emails: emails) }
        var taken: [PushRow: LeadID] = [:]
        for lead in page.leads {
            guard let key = lead.emailKey else { continue }
            for row in askers[key] ?? [] where row.lead != lead.id { taken[row] = min(taken[row] ?? lead.id, lead.id) }
        }
        return taken
    }

    /// Looks up the leads that Marketo did not know; those that are gone.
    private func lookUp(_ round: inout PushRound, _ tenant: ConnectedTenant) async throws -> [LeadID] {
        let ids = round.unknown.keys.sorted()
        guard !ids.isEmpty else { return [] }
        do {
            let page = try await tenant.ask(for: .push) { try await $0.leads(ids: ids) }
            return round.settleUnknown(present: Set(page.leads.map(\.id)).union(page.unreadable.compactMap(\.leadID)))
        } catch {
            round.leaveUnknown()
            round.fail(error)
            return []
        }
    }

    private func verdict(
        on jobs: [ClaimedJob<Payload>], _ round: PushRound, left: [ContactID: Date?], now: Date, gone: [LeadID], notes: [WriteNotes.Note],
        _ tenant: ConnectedTenant, _ fields: PushFields
    ) -> BatchVerdict {
        let open = Dictionary(grouping: round.ends.filter(\.isOpen), by: \.row.contact)
        var verdicts: [JobID: Verdict] = [:]
        for job in jobs {
            if let ends = open[job.payload.contact] {
                if let error = round.stop {
                    verdicts[job.id] = (error as? any JobVerdictConvertible)?.verdict ?? .retry(reason: "\(error)")
                } else if let again = ends.first(where: { $0.fate == .again }) {
                    verdicts[job.id] = .retry(reason: again.reason ?? "Marketo did not take it this time.", after: .seconds(2))
                } else {
                    verdicts[job.id] = .postpone(for: .milliseconds(50), reason: "It is sent once more, otherwise.")
                }
            } else if let wait = left[job.payload.contact] {
                if let confirmAt = wait, confirmAt > now {
                    // Its own job sees to it.
                    if job.payload.confirms == true { verdicts[job.id] = .postpone(until: confirmAt, reason: "It is sent once more, later.") }
                } else {
                    verdicts[job.id] = .postpone(for: .seconds(1), reason: "Its lead is in another call, or held, just now.")
                }
            }
        }
        guard !round.ends.isEmpty || !notes.isEmpty, let first = jobs.first else { return BatchVerdict(verdicts, others: .done()) }
        return BatchVerdict(verdicts, others: .done()) { [round, notes] tx, stillHeld in
            // All is booked on the first one: without it nobody may note anything, and the others are tried again.
            guard stillHeld.contains(first.id) else { throw PushLost() }
            if !gone.isEmpty {
                try await tx.execute(HoldTurn(tenant: tenant.id))
                try await tx.execute(MarkLeadsDeleted(tenant: tenant.id, leads: gone, job: first.id.rawValue))
            }
            try await tx.execute(HoldTurn(tenant: tenant.id, to: .pushes))
            let later = try await tx.query(SettlePushes(tenant: tenant.id, job: first.id.rawValue, ends: round.ends))
            for row in later { try await self.confirm(row, of: tenant.id, in: tx) }
            var notes = notes
            for field in round.missing.sorted(by: { $0.rawValue < $1.rawValue }) {
                try await tx.execute(SwitchFieldOff(tenant: tenant.id, field: field))
                let name = field == .phase ? fields.phase : fields.status
                let text = "Marketo has no field \(name); it is not reflected until it is made."
                notes.append(WriteNotes.Note(kind: SyncNote.Kind.fieldMissing.rawValue, lead: nil, contact: nil, text: text))
            }
            if !notes.isEmpty { try await tx.execute(WriteNotes(tenant: tenant.id, notes: notes)) }
        }
    }

    /// Has a value sent once more, when an older one can't arrive any more.
    private func confirm(_ row: SettlePushes.Row, of tenant: TenantID, in tx: PostgresTransaction) async throws {
        switch row.field {
        case "phase": try await tx.enqueue(PushPhase(contact: row.contact, confirms: true), tenant: tenant.rawValue, runAt: row.at)
        case "status": try await tx.enqueue(PushLeadStatus(contact: row.contact, confirms: true), tenant: tenant.rawValue, runAt: row.at)
        default: try await tx.enqueue(PushContact(contact: row.contact, confirms: true), tenant: tenant.rawValue, runAt: row.at)
        }
    }
}

/// The job that had taken what was sent was lost meanwhile.
private struct PushLost: Error, JobVerdictConvertible {
    var verdict: Verdict { .postpone(for: .seconds(1), reason: "The job that its call was booked on was lost.") }
}
