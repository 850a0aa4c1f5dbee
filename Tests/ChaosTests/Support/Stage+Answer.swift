import Postgres
import StageKit

extension Stage {
    /// Asks or does something in SQL that may be done twice; goes on trying while the database is away.
    func answer(_ sql: String) async throws -> String? {
        try await self.persist { try await self.pool.first(Answer(question: sql)) ?? nil }
    }

    /// Runs a script that may be run twice, likewise.
    func run(script: String) async throws { try await self.persist { try await self.pool.run(script: script) } }

    private func persist<Value>(_ work: () async throws -> Value) async throws -> Value {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do {
                return try await work()
            } catch let error as PostgresError where error.isTransient && .now < deadline {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// Time passes in a moment: what waits for a clock, but for the quota's, waits no longer.
    func passTime() async throws {
        try await self.run(
            script: """
                UPDATE sync.call_budgets
                SET shut_until = NULL, learned_limit = NULL, upstream_probe_at = least(upstream_probe_at, now()),
                    window_cut_at = window_cut_at - interval '1 hour', slots_cut_at = slots_cut_at - interval '1 hour';
                UPDATE sync.tenants SET auth_probe_at = now() WHERE auth_probe_at > now();
                UPDATE jobs.gate SET shut_until = now()
                WHERE NOT EXISTS (SELECT FROM sync.call_budgets WHERE spent_until > now());
                UPDATE jobs.job SET run_at = now()
                WHERE state = 'scheduled' AND NOT EXISTS (SELECT FROM sync.call_budgets WHERE spent_until > now());
                """)
    }

    /// It is midnight in Chicago for the product: it believes the quota to be there again, and tries.
    func turnTheDay() async throws {
        try await self.run(
            script: "UPDATE sync.call_budgets SET spent_until = now(), usage_total = NULL, usage_ours = NULL WHERE spent_until IS NOT NULL")
        try await self.passTime()
    }
}
