import Fleet
import Foundation
import Postgres
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// Every kind of trouble, made on purpose: `ops.stuck_jobs` or `ops.why` names it, and the call it suggests, executed as text, mends it.
    @Suite struct Suggestions {
        private static let leads = "/rest/v1/leads.json"

        /// The number of a job that reads one lead again.
        private static func enqueue(_ stage: Stage, lead: Int) async throws -> Int {
            try await stage.pool.run(script: "SELECT ops.resync_lead('acme', \(lead))")
            return try await stage.count("SELECT max(id) FROM jobs.job WHERE kind = 'refresh-lead' AND unique_key = 'lead:\(lead)'")
        }

        private static func untilDone(_ stage: Stage, _ job: Int, as state: String = "done") async throws {
            try await stage.until("SELECT EXISTS (SELECT FROM jobs.history WHERE id = \(job) AND state = '\(state)')")
        }

        /// What `ops.why` suggests once it gives this reason; a job that is just being tried is no answer yet.
        private static func suggestion(_ stage: Stage, for job: Int, because reason: String) async throws -> String {
            var suggestion = ""
            try await stage.until(reason) {
                let why = try await stage.why(job)
                suggestion = why.suggestion
                return why.reason.hasPrefix(reason)
            }
            return suggestion
        }

        @Test(.timeLimit(.minutes(10)))
        func `no worker, a worker that is gone, a key that is held, a dead job, a paused tenant, an unknown kind, a session that sleeps`()
            async throws
        {
            try await Stage.set(SimulatorConfiguration(leads: 20)) { stage in
                let first = try await stage.worker(1)
                try await stage.settle()
                first.kill()
                #expect(await first.ended(within: .seconds(10)) != nil)
                // Its last sign of life is younger than two minutes; nobody waits that long here.
                try await stage.pool.run(script: "UPDATE jobs.worker SET seen_at = now() - interval '3 minutes'")

                // No process takes jobs; the worker that is started dies with a call under way.
                let lead = Int(stage.marketo.leads()[0].id)
                var job = try await Self.enqueue(stage, lead: lead)
                var why = try await stage.why(job)
                #expect(why.reason == "no process takes jobs")
                stage.marketo.add(FaultRule(.hang, path: Self.leads).limited(to: 1))
                let second = try await stage.worker(2)
                try await stage.until("SELECT state = 'running' FROM jobs.job WHERE id = \(job)")
                second.kill()
                let gone = try await stage.stuck(job, for: "lease_expired")
                #expect(try await stage.why(job).reason == "its worker is gone; another takes it over")
                try await stage.follow(gone)
                try await Self.untilDone(stage, job)

                // The same key runs, and its call never ends.
                stage.marketo.add(FaultRule(.hang, path: Self.leads).limited(to: 1))
                let holder = try await Self.enqueue(stage, lead: lead)
                try await stage.until("SELECT state = 'running' FROM jobs.job WHERE id = \(holder)")
                job = try await Self.enqueue(stage, lead: lead)
                why = try await stage.why(job)
                #expect(why.reason == "job \(holder) with the same key runs just now; this one follows")
                try await stage.follow(why.suggestion)
                try await Self.untilDone(stage, holder, as: "cancelled")
                try await Self.untilDone(stage, job)

                // Marketo refuses for good; then it does no longer.
                stage.marketo.add(FaultRule.code("1003", path: Self.leads).limited(to: 1))
                job = try await Self.enqueue(stage, lead: lead)
                let dead = try await stage.stuck(job, for: "dead")
                #expect(try await stage.why(job).reason.hasPrefix("dead: "))
                try await stage.follow(dead)
                try await Self.untilDone(stage, job)

                // Held by an operator, all of it or one kind.
                for call in ["ops.pause('acme')", "ops.pause('acme', 'refresh-lead')"] {
                    try await stage.pool.run(script: "SELECT \(call)")
                    job = try await Self.enqueue(stage, lead: lead)
                    try await stage.pool.run(script: "UPDATE jobs.job SET run_at = now() - interval '11 minutes' WHERE id = \(job)")
                    try await stage.follow(try await stage.stuck(job, for: "waiting_long"))
                    try await Self.untilDone(stage, job)
                }

                // A kind that nobody knows.
                job = try await stage.count("SELECT jobs.enqueue('push-phaze', '{}', 'acme', now() - interval '11 minutes')")
                #expect(try await stage.why(job).reason == "no process knows the kind push-phaze")
                try await stage.follow(try await stage.stuck(job, for: "waiting_long"))
                try await Self.untilDone(stage, job, as: "cancelled")

                // A session that locked a job's row and went to sleep in its transaction.
                try await stage.pool.run(script: "SELECT ops.pause('acme')")
                job = try await Self.enqueue(stage, lead: lead)
                await #expect(throws: PostgresError.self) {
                    try await stage.pool.transaction { sleeper in
                        try await sleeper.run(script: "SELECT FROM jobs.job WHERE id = \(job) FOR UPDATE")
                        try await stage.pool.run(script: "SELECT ops.resume('acme')")
                        try await stage.until("SELECT reason LIKE 'session % holds its row%' FROM ops.why(\(job))")
                        let why = try await stage.why(job)
                        #expect(try await stage.value("SELECT min(suggestion) FROM ops.horizon WHERE what = 'idle_in_transaction'") == why.suggestion)
                        try await stage.follow(why.suggestion)
                        try await sleeper.run(script: "SELECT 1")
                    }
                }
                try await Self.untilDone(stage, job)
                try await stage.settle()
                try await stage.expectTruth()
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `the quota is spent, Marketo is down, the credentials are refused, a field is missing`() async throws {
            try await Stage.set(SimulatorConfiguration(leads: 20)) { stage in
                try await stage.worker(1)
                try await stage.worker(2)
                try await stage.settle()
                let lead = Int(stage.marketo.leads()[0].id)

                // Spent; then somebody has bought more.
                stage.marketo.limits.callsPerDay = stage.marketo.evidence.counted
                var job = try await Self.enqueue(stage, lead: lead)
                try await stage.until("SELECT state = 'paused_quota' FROM ops.sync_progress")
                let more = try await Self.suggestion(stage, for: job, because: "Marketo's calls of the day are used up")
                stage.marketo.limits.callsPerDay = 50_000
                try await stage.follow(more)
                try await Self.untilDone(stage, job)

                // Down; then well again, and the operator knows before the next probe.
                let down = stage.marketo.add(FaultRule(.http, path: "/rest/*").with { $0.status = 503 })
                job = try await Self.enqueue(stage, lead: lead)
                try await stage.until("SELECT state = 'paused_upstream' FROM ops.sync_progress")
                let goOn = try await Self.suggestion(stage, for: job, because: "Marketo is in trouble since ")
                stage.marketo.removeFault(down)
                try await stage.follow(goOn)
                try await Self.untilDone(stage, job)
                try await stage.until("SELECT state IN ('idle', 'syncing') FROM ops.sync_progress")

                // Another secret.
                let secret = "another-\(UUID().uuidString)"
                stage.marketo.put(APIClient(id: stage.marketo.clientID, secret: secret, user: APIClient.standard.user))
                stage.marketo.cutTokensShort(asInvalid: true)
                job = try await Self.enqueue(stage, lead: lead)
                try await stage.until("SELECT state = 'paused_auth' FROM ops.sync_progress")
                let again = try await Self.suggestion(stage, for: job, because: "Marketo refuses the credentials of its tenant since ")
                try await stage.follow(again, typing: secret)
                try await Self.untilDone(stage, job)
                #expect(try await stage.count("SELECT count(*) FROM sync.runs WHERE kind = 'full'") == 1)

                // The field that phases go to is gone, then there again.
                stage.marketo.hide(field: "mazrica_phase")
                try await stage.follow("SELECT ops.sync_now('acme')")
                try await stage.settle()
                try await stage.pool.run(
                    script: """
                        INSERT INTO crm.phases (id, tenant_id, name, position) SELECT 1, id, '提案', 1 FROM sync.tenants;
                        INSERT INTO crm.deals (id, tenant_id, name, phase_id) SELECT 1, id, '案件', 1 FROM sync.tenants;
                        INSERT INTO crm.actions (id, tenant_id, deal_id, kind, status) SELECT 1, id, 1, '面談', '完了' FROM sync.tenants;
                        INSERT INTO crm.action_contacts (action_id, contact_id) SELECT 1, contact_id FROM sync.lead_links WHERE lead_id = \(lead);
                        UPDATE crm.deals SET name = '案件 2';
                        """)
                try await stage.until("SELECT EXISTS (SELECT FROM ops.pushes WHERE field = 'mazrica_phase' AND state = 'parked')")
                try await stage.settle()
                job = try await stage.count("SELECT max(id) FROM jobs.history WHERE kind LIKE 'push-%'")
                let repair = try await Self.suggestion(
                    stage, for: job, because: "done, but Marketo has no place for what it wrote: phase (field_missing)")
                stage.marketo.show(field: "mazrica_phase")
                try await stage.follow(repair)
                #expect(stage.marketo.lead(Int64(lead))?.mazricaPhase == "提案")
            }
        }
    }
}
