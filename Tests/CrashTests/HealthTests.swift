import AsyncHTTPClient
import Fleet
import Foundation
import NIOCore
import NIOHTTP1
import Postgres
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// Health and metrics of real processes (CONTRACT 6).
    @Suite struct Health {
        @Test(.timeLimit(.minutes(10)))
        func `a worker and a scheduler are ready while they have their database, and what they count is fit for Prometheus`() async throws {
            let cluster = try await PrivateCluster.own()
            try await Stage.set(SimulatorConfiguration(leads: 30), on: cluster) { stage in
                let (worker, scheduler) = (try FreePort.take(), try FreePort.take())
                let child = try await stage.family.start("worker", as: "worker", ["--lease-seconds", "3", "--health-port", "\(worker)"])
                try await stage.family.start("scheduler", as: "scheduler", ["--health-port", "\(scheduler)"])
                try await stage.settle()
                for port in [worker, scheduler] {
                    try await stage.until("ready") { try await Self.status(port, "readyz") == 200 }
                    #expect(try await Self.status(port, "healthz") == 200)
                    let asked = try await stage.kakehashi("health", "--health-port", "\(port)")
                    #expect(asked.ending == .exited(0) && asked.said == "ready\n", "\(asked.said)")
                }
                #expect(try await stage.kakehashi("health", "--health-port", "\(try FreePort.take())").ending == .exited(69))
                let watched = try await stage.kakehashi("status", Stage.tenant, "--watch")
                #expect(
                    watched.ending == .exited(0) && watched.said.contains("CALLS TODAY") && watched.said.contains("(Asia/Tokyo)"), "\(watched.said)")
                let counted = try await Self.page(worker)
                for name in [
                    "jobs_finished_total{end=\"done\",kind=\"fetch-lead-page\"}", "marketo_calls_total{code=\"ok\",path=\"",
                    "marketo_permits_total{answer=\"granted\",lane=\"backfill\"}", "postgres_connections{state=\"idle\"}",
                    "leads_read_total ", "leads_applied_total ",
                    "jobs_run_seconds_bucket{kind=\"fetch-lead-page\",le=\"+Inf\"}",
                ] { #expect(counted.contains(name), "\(name)") }
                try await stage.until("gauges") { try await Self.page(scheduler).contains("tenant_state{state=\"idle\",tenant=\"acme\"} 1\n") }
                let told = try await Self.page(scheduler)
                for name in [
                    "quota_calls{of=\"remaining\",tenant=\"acme\"}", "feed_lag_seconds{feed=\"activities\",tenant=\"acme\"}",
                    "leads_quarantined{tenant=\"acme\"}", "pushes_waiting{tenant=\"acme\"} 0\n",
                ] { #expect(told.contains(name), "\(name)") }
                if Promtool.path != nil {
                    for page in [counted, told] { #expect(try Promtool.complaints(["check", "metrics"], about: page) == "") }
                }

                // A second one on the same machine and port works without.
                let second = try await stage.family.start("worker", as: "second", ["--health-port", "\(worker)"])
                try await stage.until("second worker") {
                    try await stage.count("SELECT count(*) FROM ops.workers") == 2 && second.log.text.contains("Health and metrics are not served")
                }
                #expect(second.ending == nil)

                try await cluster.stop(.immediate)
                for port in [worker, scheduler] {
                    try await stage.until("not ready") { try await Self.status(port, "readyz") == 503 }
                    #expect(try await Self.status(port, "healthz") == 200)
                    let asked = try await stage.kakehashi("health", "--health-port", "\(port)")
                    #expect(asked.ending == .exited(1) && asked.said.hasPrefix("kakehashi: Not ready: "), "\(asked.said)")
                }
                try await cluster.start()
                for port in [worker, scheduler] { try await stage.until("ready again") { try await Self.status(port, "readyz") == 200 } }
                #expect(child.ending == nil)
            }
            try await cluster.remove()
        }

        private static func get(_ port: Int, _ path: String) async throws -> HTTPClientResponse {
            try await HTTPClient.shared.execute(HTTPClientRequest(url: "http://127.0.0.1:\(port)/\(path)"), timeout: .seconds(30))
        }
        private static func status(_ port: Int, _ path: String) async throws -> UInt? { try? await self.get(port, path).status.code }
        private static func page(_ port: Int) async throws -> String {
            String(buffer: try await self.get(port, "metrics").body.collect(upTo: 1 << 22))
        }
    }
}
