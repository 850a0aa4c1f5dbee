import Fleet
import Foundation
import Postgres
import Simulator
import Store
package import Sync
package import Testing

/// Looking at what goes on, and waiting for it: conditions, never a length of time. The deadlines only end a test that hangs, on however slow a machine.
extension Stage {
    /// A value, by a question of the test's own.
    package func value(_ sql: String) async throws -> String? { try await self.pool.first(Answer(question: "SELECT (\(sql))::text")) ?? nil }

    /// A number, likewise.
    package func count(_ sql: String) async throws -> Int { try await self.value(sql).flatMap(Int.init) ?? -1 }

    /// Waits until a condition holds; a database that is away for the moment is no reason to give up.
    package func until(_ what: String, within limit: Duration = .seconds(240), _ holds: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + limit
        while true {
            do {
                if try await holds() { return }
            } catch let error as PostgresError where error.isTransient {}
            guard .now < deadline else { throw NotReached(what: what, state: await self.state) }
            try await Task.sleep(for: .milliseconds(15))
        }
    }

    /// Waits until a condition in SQL holds.
    package func until(_ condition: String) async throws { try await self.until(condition) { try await self.value(condition) == "true" } }

    /// Waits until so many leads are registered or listed, or the load is over.
    package func untilRegistered(_ leads: Int) async throws {
        try await self.until("\(leads) leads are registered") {
            try await self.count("(SELECT count(*) FROM sync.lead_links) + (SELECT count(*) FROM sync.quarantine)") >= leads
        }
    }

    /// Waits until the load is done and nothing is under way or due (CONTRACT 3).
    package func settle(within limit: Duration = .seconds(240)) async throws {
        try await self.until("the tenant is settled", within: limit) {
            let status = try await self.pool.first(TenantStatusQuery(name: Self.tenant))
            return status?.isSettled == true && status?.fullLoad.state == "done"
        }
    }

    /// What the jobs and the calls look like now, for a failure's report.
    package var state: String {
        get async {
            let jobs = try? await self.value(
                """
                SELECT string_agg(line, E'\\n') FROM (
                    SELECT format('%s %s %s attempt %s crashes %s due %s: %s', kind, state, count(*), max(attempt), max(crashes), min(run_at), max(last_error))
                        AS line
                    FROM jobs.current GROUP BY kind, state
                ) AS lines
                """)
            let gates = try? await self.value("SELECT json_agg(gate) FROM jobs.gate")
            let calls = try? await self.value(
                "SELECT format('%s in all, open: %s', count(*), json_agg(calls) FILTER (WHERE ended_at IS NULL)) FROM sync.calls")
            let budget = try? await self.value("SELECT row_to_json(call_budgets) FROM sync.call_budgets")
            let pushes = try? await self.value(
                "SELECT string_agg(row_to_json(pushes)::text, E'\\n') FROM sync.pushes WHERE state IN ('waiting', 'sending')")
            let ended = try? await self.value(
                """
                SELECT string_agg(row_to_json(ended)::text, E'\\n') FROM (
                    SELECT id, kind, state, attempt, payload, errors, reason, claimed_at, ended_at FROM jobs.history
                    UNION ALL SELECT id, kind, 'dead', attempt, payload, errors, reason, claimed_at, ended_at FROM jobs.dead
                ) AS ended
                WHERE state = 'dead' OR (payload ->> 'contact')::bigint IN (SELECT contact_id FROM sync.pushes WHERE state IN ('waiting', 'sending'))
                """)
            return [jobs, gates, calls, budget, pushes, ended].map { ($0 ?? nil) ?? "–" }.joined(separator: "\n")
        }
    }

    /// Marketo saw no more calls than it allows, and never had to say so.
    package func expectGoodManners(sourceLocation: SourceLocation = #_sourceLocation) {
        let evidence = self.marketo.evidence
        #expect(evidence.mostInAnyWindow <= Self.window, sourceLocation: sourceLocation)
        #expect(evidence.mostAtOnce <= Self.atOnce, sourceLocation: sourceLocation)
        #expect(evidence.callsAfterQuota == 0, sourceLocation: sourceLocation)
        for code in ["606", "607", "615"] { #expect(evidence.callsByCode[code] == nil, sourceLocation: sourceLocation) }
    }

    /// What stands in the database is what Marketo's leads demand, record by record, and nothing is left undone.
    ///
    /// - Parameter registered: the leads that have changed since they were registered, as they were then.
    package func expectTruth(registered: [Lead] = [], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let tenant = try await TenantRegistry(pool: self.pool).tenant(named: Self.tenant)
        let comparison = Comparison(
            leads: self.marketo.leads().map(Lead.init), registered: registered, side: try await MazricaSide(of: tenant.id, in: self.pool))
        let found = comparison.differences.prefix(12).map(\.description).joined(separator: "; ")
        #expect(comparison.isClean, "\(comparison.differences.count): \(found)", sourceLocation: sourceLocation)
        let left = try await self.value(
            """
            SELECT concat_ws(', ', (SELECT string_agg(kind || ' dead: ' || reason, ', ') FROM jobs.dead),
                (SELECT string_agg(kind || ' ' || state, ', ') FROM jobs.job WHERE state <> 'scheduled'),
                (SELECT 'blocks wanted' FROM sync.lead_blocks WHERE wanted_at IS NOT NULL LIMIT 1),
                (SELECT 'contacts without account' FROM sync.account_waits LIMIT 1),
                (SELECT 'a run goes on' FROM sync.runs WHERE state = 'running' LIMIT 1))
            """)
        #expect(left == "", sourceLocation: sourceLocation)
    }
}

/// Something did not come about in time.
package struct NotReached: Error, CustomStringConvertible {
    let what: String
    let state: String

    /// `what` did not; how it stands instead.
    package init(what: String, state: String) {
        self.what = what
        self.state = state
    }

    /// Both, for a report.
    package var description: String { "Not reached in time: \(self.what). It stands so:\n\(self.state)" }
}
