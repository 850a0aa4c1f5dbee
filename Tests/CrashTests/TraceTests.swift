import Fleet
import Foundation
import Postgres
import Simulator
import StageKit
import TestKit
import Testing
import Traces
import Tracing

extension CrashTests {
    /// Traces: a step that a collector was told, and the chain from a sweep to a push.
    @Suite struct Trace {
        private struct Step {
            let name: String
            let trace: String
            let id: String
            let follows: String?
        }

        /// What the collector was told so far.
        private static func steps(_ collector: ScriptedServer) throws -> [Step] {
            try collector.seen.filter { $0.path == "/v1/traces" }.flatMap { request -> [Step] in
                let page = try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
                let resources = page?["resourceSpans"] as? [[String: Any]] ?? []
                let scopes = resources.flatMap { $0["scopeSpans"] as? [[String: Any]] ?? [] }
                return scopes.flatMap { $0["spans"] as? [[String: Any]] ?? [] }.map { span in
                    Step(
                        name: span["name"] as? String ?? "", trace: span["traceId"] as? String ?? "", id: span["spanId"] as? String ?? "",
                        follows: span["parentSpanId"] as? String)
                }
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `the trace of a sweep goes on, job by job, to the push that it leads to, and the calls to Marketo are steps of it`() async throws {
            try await ScriptedServer.with({ _ in .json("{}") }) { collector in
                try await Stage.set(SimulatorConfiguration(leads: 20), settings: ["coalesce-seconds": "0"]) { stage in
                    let traced = ["KAKEHASHI_TRACES_ENDPOINT": collector.base + "/", "KAKEHASHI_LEASE_SECONDS": "5"]
                    let worker = try await stage.family.start("worker", as: "worker", environment: traced)
                    try await stage.settle()
                    // A contact whose phase Marketo shows; then its lead is merged into one that has no contact of its own.
                    let leads = try await stage.leadsOfTheirOwn()
                    let loser = try #require(leads.first)
                    try await stage.pool.run(
                        script: """
                            INSERT INTO crm.phases (tenant_id, id, name) SELECT id, 1, '商談' FROM sync.tenants;
                            INSERT INTO crm.deals (tenant_id, id, name, phase_id) SELECT id, 1, 'A', 1 FROM sync.tenants;
                            INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) SELECT id, 1, 1, '面談', '完了' FROM sync.tenants;
                            INSERT INTO crm.action_contacts (action_id, contact_id) SELECT 1, contact_id FROM sync.lead_links WHERE lead_id = \(loser);
                            """)
                    try await stage.until("SELECT EXISTS (SELECT FROM ops.pushes WHERE field = 'mazrica_phase' AND state = 'acked')")
                    let winner = try stage.marketo.createLead(["lastName": "勝", "email": "winner@example.co.jp"])
                    try stage.marketo.merge([loser], into: winner)
                    try await stage.follow("SELECT ops.sync_now('acme')")
                    try await stage.until("the winner shows the phase") { stage.marketo.lead(winner)?.mazricaPhase == "商談" }
                    try await stage.settle()
                    worker.terminate()
                    #expect(await worker.ended(within: .seconds(30)) == .exited(0))

                    // From the push back to the sweep, step by step.
                    let steps = try Self.steps(collector)
                    let byID = Dictionary(steps.map { ($0.id, $0) }) { first, _ in first }
                    var chains: [[String]] = []
                    for push in steps where push.name.hasPrefix("job push-") {
                        var chain = [push.name]
                        var step = push
                        while let follows = step.follows, let earlier = byID[follows], chain.count < 50 {
                            #expect(earlier.trace == push.trace)
                            chain.append(earlier.name)
                            step = earlier
                        }
                        chains.append(chain)
                    }
                    #expect(chains.contains { $0.last == "job start-sweep" }, "\(chains)")
                    #expect(steps.contains { $0.name.hasPrefix("marketo ") && $0.follows.flatMap { byID[$0] }?.name.hasPrefix("job ") == true })
                    let stored = try await stage.value(
                        "SELECT string_agg(DISTINCT length(trace)::text, ',') FROM jobs.history WHERE trace IS NOT NULL")
                    #expect(stored == "55")
                }
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `a collector that is away costs nothing but its traces, and an address that is none is named`() async throws {
            try await Stage.set(SimulatorConfiguration(leads: 20)) { stage in
                let away = ["KAKEHASHI_TRACES_ENDPOINT": "http://127.0.0.1:\(try FreePort.take())"]
                let worker = try await stage.family.start("worker", as: "worker", environment: away)
                try await stage.settle()
                try await worker.says("The collector of traces does not take them")
                let refused = try await stage.family.start("scheduler", as: "scheduler", environment: ["KAKEHASHI_TRACES_ENDPOINT": "collector:4318"])
                #expect(await refused.ended(within: .seconds(20)) == .exited(64))
                #expect(refused.log.text.contains("KAKEHASHI_TRACES_ENDPOINT"), "\(refused.log.text)")
                try await stage.expectTruth()
            }
        }

        @Test(arguments: [
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true), ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", true),
            ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", true),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false),
            ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false), ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
            ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false), ("", false), ("00-x-y-01", false),
        ])
        func `a traceparent is read as the W3C says`(text: String, isOne: Bool) {
            let read = TraceParent(text)
            #expect((read != nil) == isOne)
            if let read { #expect(read.isSampled == text.contains("-01")) }
        }

        @Test func `a trace that is not recorded goes on unrecorded`() {
            let tracer = SpanTracer(share: 0) { _ in Issue.record("recorded") }
            let step = tracer.startSpan("first", context: .topLevel)
            #expect(!step.isRecording)
            let next = tracer.startSpan("next", context: step.context)
            #expect(next.context.traceParent?.trace == step.context.traceParent?.trace && !next.isRecording)
            next.end()
            step.end()
        }
    }
}
