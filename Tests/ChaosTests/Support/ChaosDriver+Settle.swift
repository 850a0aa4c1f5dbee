import Fleet
import Postgres
import Runtime
import Simulator
import StageKit
import Store
import Sync
import TestKit

extension ChaosDriver {
    /// Ends all trouble and lets the product come to rest: what was under way, then the feeds, then every block, so that what no feed tells is read.
    mutating func settle() async throws {
        try await self.endEverything()
        for child in self.workers + self.schedulers { child.thaw() }
        self.stage.roads?.marketo.thaw()
        self.stage.roads?.database.thaw()
        try await self.rest("what was under way")
        // No call of the storm can arrive any more: what is sent once more for that reason is sent now.
        try await self.stage.run(script: "UPDATE sync.pushes SET confirm_at = now() WHERE confirm_at > now()")
        _ = try await self.stage.answer("SELECT ops.sync_now('\(Stage.tenant)')")
        try await self.rest("a last sweep")
        try await self.loadEverything()
        try await self.rest("a last full load")
    }

    /// Asks for a full load, as an operator does, by a way to the database that is never silent.
    func loadEverything() async throws {
        let child = try await self.stage.family.start(
            "kakehashi", as: "sync", ["sync", Stage.tenant, "--full"], environment: [VariableName.database: self.stage.database.url])
        guard await child.ended(within: .seconds(60)) == .exited(0) else { throw NotReached(what: "sync --full", state: child.log.text) }
    }

    /// Of how many findings the evidence is printed: one cause makes many.
    private static let explained = 40

    /// What is on record of the leads and contacts that were found to be wrong, beside what was done to them.
    func evidence() async throws -> String {
        var leads = Set(
            self.report.findings.prefix(Self.explained).compactMap { finding in
                finding.record.hasPrefix("lead ") ? Int64(finding.record.dropFirst(5)) : nil
            })
        var others: [String] = []
        for finding in self.report.findings.prefix(Self.explained) {
            let words = finding.record.split(separator: " ")
            guard let id = words.last.flatMap({ Int64($0) }), words.first != "lead" else { continue }
            if words.first == "contact" {
                leads.formUnion(try await self.pairs("SELECT string_agg(lead_id || ' ', ',') FROM sync.lead_links WHERE contact_id = \(id)").keys)
            }
            for question in Self.evidence(of: String(words[0]), id) { others.append(try await self.stage.value(question) ?? "–") }
        }
        let ids = leads.map(String.init).joined(separator: ",")
        var lines = self.life.diary.lines(of: leads) + others
        if !leads.isEmpty {
            for question in [
                "SELECT string_agg(format('audit %s lead %s contact %s %s %s → %s by %s job %s', to_char(at AT TIME ZONE 'UTC', 'HH24:MI:SS.MS'), lead_id, contact_id, what, old, new, rule, job_id), E'\\n' ORDER BY id) FROM sync.audit WHERE lead_id IN (\(ids))",
                "SELECT string_agg(row_to_json(l)::text, E'\\n') FROM sync.lost_leads AS l WHERE lead_id IN (\(ids))",
                "SELECT string_agg(row_to_json(l)::text, E'\\n') FROM sync.lead_links AS l WHERE lead_id IN (\(ids))",
                "SELECT string_agg(row_to_json(l)::text, E'\\n') FROM sync.quarantine AS l WHERE lead_id IN (\(ids))",
                "SELECT string_agg(format('mirror %s %s', lead_id, observed_at), E'\\n') FROM sync.lead_mirror AS l WHERE lead_id IN (\(ids))",
            ] { lines.append(try await self.stage.value(question) ?? "–") }
        }
        lines.append(try await self.stage.value("SELECT string_agg(row_to_json(c)::text, E'\\n') FROM sync.cursors AS c") ?? "–")
        lines.append(
            try await self.stage.value(
                """
                SELECT string_agg(format('call %s – %s %s %s %s', to_char(booked_at AT TIME ZONE 'UTC', 'HH24:MI:SS.MS'),
                    to_char(ended_at AT TIME ZONE 'UTC', 'HH24:MI:SS.MS'), path, outcome, vendor_code), E'\\n' ORDER BY id) FROM sync.calls
                """) ?? "–")
        lines.append(self.stage.family.said)
        return lines.joined(separator: "\n")
    }

    /// Questions about a contact or an account.
    private static func evidence(of what: String, _ id: Int64) -> [String] {
        func all(_ table: String, _ condition: String) -> String {
            "SELECT string_agg(row_to_json(l)::text, E'\\n') FROM (SELECT * FROM \(table) WHERE \(condition)) AS l"
        }
        guard what == "contact" else {
            return [all("crm.accounts", "id = \(id)"), all("sync.audit", "account_id = \(id)")]
        }
        return [
            all("crm.contacts", "id = \(id)"), all("sync.contact_events", "contact_id = \(id)"), all("sync.notes", "contact_id = \(id)"),
            all("sync.pushes", "contact_id = \(id)"), all("jobs.history", "payload ->> 'contact' = '\(id)'"),
            all("sync.audit", "contact_id = \(id)"),
        ]
    }

    /// Waits until nothing is under way or due, now or ever; clocks that would take minutes are moved on.
    private func rest(_ what: String) async throws {
        var nudge = ContinuousClock.now
        try await self.stage.until("\(what) is done", within: .seconds(240 + self.setting.leads / 100)) {
            if .now >= nudge {
                try await self.stage.passTime()
                nudge = .now + .seconds(3)
            }
            let status = try await self.stage.pool.first(TenantStatusQuery(name: Stage.tenant))
            guard status?.isSettled == true, status?.fullLoad.state == "done" else { return false }
            // A lead that is missed is looked for again tomorrow; tomorrow is now.
            return try await self.stage.count(
                """
                SELECT (SELECT count(*) FROM jobs.job WHERE state <> 'scheduled' OR attempt > 0 OR kind = 'refresh-lead')
                    + (SELECT count(*) FROM sync.pushes WHERE state IN ('waiting', 'sending') OR state = 'acked' AND confirm_at <= now())
                """) == 0
        }
    }

    /// Compares both sides and looks at what is left.
    mutating func judge() async throws {
        self.life.takeWrites()
        let tenant = try await TenantRegistry(pool: self.stage.pool).tenant(named: Stage.tenant)
        var audit = TruthAudit(life: self.life, users: self.users, side: try await MazricaSide(of: tenant.id, in: self.stage.pool))
        audit.lost = try await self.pairs("SELECT string_agg(lead_id || ' ' || state, ',') FROM sync.lost_leads")
        audit.deleted = Set(try await self.pairs("SELECT string_agg(id || ' ', ',') FROM crm.contacts WHERE deleted_at IS NOT NULL").keys)
        audit.leftAlone = Set(
            try await self.pairs("SELECT string_agg(contact_id || ' ', ',') FROM sync.notes WHERE kind = 'possible_duplicate'").keys)
        audit.look()
        self.report.findings = audit.findings
        for (kind, what, question) in Self.questions {
            let found = try await self.stage.value(question)
            if let found, found != "" { self.report.findings.append(Finding(kind: kind, record: what, text: found)) }
        }
        self.report.leads = self.life.everyone.count
        self.report.changes = self.life.changesInAll
        self.report.deeds = self.users.deeds.values.reduce(0, +)
        self.report.evidence = self.stage.marketo.evidence
    }

    private func pairs(_ question: String) async throws -> [Int64: String] {
        let text = try await self.stage.value(question) ?? ""
        return text.split(separator: ",").reduce(into: [:]) { pairs, part in
            let words = part.split(separator: " ")
            if let first = words.first.flatMap({ Int64($0) }) { pairs[first] = words.dropFirst().first.map(String.init) ?? "" }
        }
    }

    /// What must not be there, whatever happened; each answers with the ones there are.
    private static let questions: [(Finding.Kind, String, String)] = [
        (.lost, "a dead job", "SELECT string_agg(kind || ' (' || reason || ')', ', ') FROM jobs.dead"),
        (.stale, "a job left", "SELECT string_agg(kind || ' ' || state, ', ') FROM jobs.job WHERE state <> 'scheduled' AND kind <> 'start-sweep'"),
        (.stale, "a block", "SELECT string_agg(block_no::text, ',') FROM sync.lead_blocks WHERE wanted_at IS NOT NULL"),
        (.stale, "a contact without account", "SELECT string_agg(contact_id::text, ',') FROM sync.account_waits"),
        (.stale, "a run", "SELECT string_agg(kind, ',') FROM sync.runs WHERE state = 'running'"),
        (
            .doubled, "an end of a job",
            "SELECT string_agg(id::text, ',') FROM (SELECT id FROM jobs.history GROUP BY id HAVING count(*) > 1) AS twice"
        ),
        (
            .doubled, "a lead's contact",
            """
            SELECT string_agg(lead_id::text, ',') FROM (
                SELECT lead_id FROM sync.audit WHERE what = 'contact_created' GROUP BY lead_id HAVING count(*) > 1
            ) AS twice
            """
        ),
        (
            .doubled, "an account",
            """
            SELECT format('%s made, %s keys, %s there', made, keys, there)
            FROM (SELECT count(*) FROM sync.audit WHERE what = 'account_created') AS of_audit (made),
                (SELECT count(*) FROM sync.account_keys) AS of_keys (keys), (SELECT count(*) FROM crm.accounts) AS of_accounts (there)
            WHERE made <> keys OR keys <> there
            """
        ),
    ]
}
