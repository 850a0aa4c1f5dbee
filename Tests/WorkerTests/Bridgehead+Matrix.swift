import JobQueue
import Jobs
import Postgres
import Simulator
import Store
import Sync

/// What the tests of the failure matrix (sync-algorithms.md 3.5) have in common: several workers, and a look at what they did.
extension Bridgehead {
    /// Until the tenant's calls are held back.
    static let isHeld = "SELECT EXISTS (SELECT FROM jobs.gate WHERE name = 'marketo' AND shut_until > now())"
    /// The page of activities, as the simulator counts it.
    static let activities = "GET /rest/v1/activities.json"

    /// Runs several workers at once, each with a token and connections of its own, as processes have.
    func workTogether(_ workers: Int = 2, until condition: String? = nil) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers { group.addTask { try await self.work(until: condition) } }
            try await group.waitForAll()
        }
    }

    /// Leads that share nothing, each with a score; all of them registered, and their feeds read to the end.
    func registeredLeads(_ count: Int) async throws -> [Int64] {
        let leads = try (1...count).map { try self.lead("a\($0)@example.com", last: "山田", company: "社", score: 1) }
        try await self.load()
        try await self.sweep()
        self.marketo.resetEvidence()
        return leads
    }

    /// Has both feeds of changes read on from where they are, and nothing besides: a sweep looks three hours back as well.
    func readFeeds() async throws {
        _ = try await self.pool.transaction { tx in
            try await tx.enqueue([FetchChangePage(stream: .activities), FetchChangePage(stream: .leadChanges)], tenant: self.id)
        }
    }

    /// As if what waits for its time had waited for it.
    func timePasses() async throws {
        try await self.sql("DELETE FROM jobs.gate; UPDATE jobs.job SET run_at = now(), state = 'ready' WHERE state = 'scheduled'")
    }

    /// How many pages of the feed of activities were stored so far.
    func pagesStored() async throws -> Int { try await self.count("SELECT token_seq FROM sync.cursors WHERE stream = 'activities'") }

    /// The leads whose contact does not show Marketo's score.
    func staleLeads() async throws -> [Int64] {
        var stale: [Int64] = []
        for lead in self.marketo.leads() where try await self.contact(of: lead.id, "lead_score") != lead.leadScore.map({ "\($0)" }) {
            stale.append(lead.id)
        }
        return stale
    }

    /// Nothing is dead, no job spent an attempt, and no contact was changed more than once since it was made.
    func nothingSpentNorTwice() async throws -> Bool {
        try await self.value(
            """
            SELECT NOT EXISTS (SELECT FROM jobs.dead) AND NOT EXISTS (SELECT FROM jobs.history WHERE attempt > 1)
                AND NOT EXISTS (SELECT FROM sync.audit WHERE what IN ('contact_created', 'contact_updated') GROUP BY lead_id, what HAVING count(*) > 1)
            """) == "true"
    }
}

/// A second tenant beside the first, in the same database and for the same workers.
extension Bridgehead {
    /// Sets it up over a Marketo of its own, or as another user of the same.
    func neighbour(_ name: String, over marketo: Simulator, client: APIClient? = nil) async throws -> Bridgehead {
        let new = NewTenant(
            name: name, endpoint: try MarketoEndpoint(marketo.endpoint, allowLocal: true), clientID: client?.id ?? marketo.clientID,
            clientSecret: Store.Secret(client?.secret ?? marketo.clientSecret),
            settings: try TenantSettings(overrides: ["calls-per-20s": "100", "concurrent-calls": "10"]))
        let id = try await self.pool.transaction { tx in try await tx.addTenant(new, sealedBy: self.cipher).id }
        try await self.pool.run(script: "UPDATE sync.call_budgets SET calls_per_window = 100000")
        guard let tenant = try await self.pool.first(TenantByID(id: id)) else { throw CancellationError() }
        return Bridgehead(marketo: marketo, database: self.database, tenant: tenant, cipher: self.cipher)
    }
}
