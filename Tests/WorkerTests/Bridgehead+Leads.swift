import JobQueue
import Jobs
import Postgres
import Simulator
import Store
import Sync

extension Bridgehead {
    /// Makes a lead in Marketo.
    @discardableResult
    func lead(
        _ email: String? = nil, last: String? = nil, first: String? = nil, company: String? = nil, phone: String? = nil,
        main: String? = nil, mobile: String? = nil, title: String? = nil, department: String? = nil, score: Int? = nil, acquired: String? = nil
    ) throws -> Int64 {
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        return try self.marketo.createLead([
            "email": text(email), "lastName": text(last), "firstName": text(first), "company": text(company), "phone": text(phone),
            "mainPhone": text(main), "mobilePhone": text(mobile), "title": text(title), "department": text(department),
            "leadScore": score.map { .number(String($0)) } ?? .null, "mktoAcquisitionDate": text(acquired),
        ])
    }

    /// One column of the contact that holds a lead.
    func contact(of lead: Int64, _ column: String) async throws -> String? {
        try await self.value(
            "SELECT c.\(column) FROM crm.contacts c JOIN sync.lead_links l ON l.tenant_id = c.tenant_id AND l.contact_id = c.id WHERE l.lead_id = \(lead)"
        )
    }

    /// The name of the account of the contact that holds a lead.
    func accountName(of lead: Int64) async throws -> String? {
        try await self.value(
            """
            SELECT a.name FROM crm.accounts a JOIN crm.contacts c ON c.account_id = a.id
            JOIN sync.lead_links l ON l.contact_id = c.id WHERE l.lead_id = \(lead)
            """)
    }

    /// Runs SQL as a team's application would.
    func sql(_ script: String) async throws {
        try await self.pool.run(script: script.replacing("$tenant", with: "\(self.id)"))
    }

    /// How many leads have a contact or are on the quarantine list.
    func linkedAndListed() async throws -> Int {
        try await self.count("SELECT count(*) FROM (SELECT lead_id FROM sync.lead_links UNION SELECT lead_id FROM sync.quarantine) AS both_sorts")
    }

    /// Does of an hourly sync only the look for leads of which no feed tells.
    func lookAbove() async throws {
        let run = try await self.emptyRun(.sweep)
        _ = try await self.pool.transaction { tx in try await tx.enqueue(CheckFrontier(run: run), tenant: self.id) }
        try await self.finishRuns()
        try await self.work()
    }

    /// A run in which nothing has been enqueued yet.
    func emptyRun(_ kind: RunKind) async throws -> Int64 {
        guard let run = try await self.pool.first(StartRun(tenant: self.tenant.id, kind: kind)) else { throw CancellationError() }
        return run
    }

    /// Has the last record of a feed be some hours old, as in a quiet night.
    func rest() async throws { try await self.sql("UPDATE sync.cursors SET last_record_at = now() - interval '5 hours'") }

    /// Holds the jobs of one kind back.
    func hold(_ kind: String) async throws {
        try await self.sql(
            "INSERT INTO jobs.gate (tenant_id, name, shut_until, reason) VALUES ($tenant, 'kind:\(kind)', 'infinity', 'a test')")
    }

    /// Has a lead read again, as a feed's hint does.
    func hint(_ lead: Int64) async throws {
        _ = try await self.pool.transaction { tx in try await tx.enqueue(RefreshLead(lead: LeadID(rawValue: lead)), tenant: self.id) }
    }
}
