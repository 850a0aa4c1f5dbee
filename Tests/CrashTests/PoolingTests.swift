import Fleet
import Foundation
import Runtime
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// Behind PgBouncer in transaction mode: no session is anybody's, so no prepared statement, no session setting, no LISTEN.
    @Suite(.enabled(if: PgBouncer.isThere, "Debian's package 'pgbouncer' can't be had")) struct Pooling {
        @Test(.timeLimit(.minutes(3)))
        func `worker, scheduler and command line through a pooling proxy: the full load is done, changes arrive, and SIGTERM drains`() async throws {
            try await Stage.set(SimulatorConfiguration(leads: 1_500)) { stage in
                let proxy = try await PgBouncer.start(before: stage.cluster, connections: 8)
                defer { proxy.stop() }
                let through = [
                    VariableName.database: stage.cluster.url(database: stage.database.name, port: proxy.port), "KAKEHASHI_TRANSACTION_POOLING": "1",
                ]
                // More clients than the server has connections for.
                var children = [try await stage.family.start("scheduler", as: "scheduler", environment: through)]
                for number in 1...3 {
                    children.append(
                        try await stage.family.start(
                            "worker", as: "worker \(number)", ["--lease-seconds", "3", "--concurrency", "6"], environment: through))
                }
                try await stage.untilRegistered(300)
                // One dies in mid-load.
                children[1].kill()
                let waited = try await stage.family.start(
                    "kakehashi", as: "sync", ["sync", Stage.tenant, "--wait", "--timeout", "100"], environment: through)
                #expect(await waited.ended(within: .seconds(120)) == .exited(0), "\(waited.log.text)")
                try await stage.settle()
                try stage.marketo.changeScore([stage.marketo.leads()[0].id], by: 7)
                for arguments in [
                    ["sync", Stage.tenant, "--wait", "--timeout", "100"], ["status", "--json"], ["reconcile", Stage.tenant], ["jobs", "list"],
                    ["tenant", "test", Stage.tenant], ["flow", "show"], ["migrate", "--dry-run"],
                ] {
                    let child = try await stage.family.start("kakehashi", as: arguments[0], arguments, environment: through)
                    #expect(await child.ended(within: .seconds(120)) == .exited(0), "\(arguments): \(child.log.text)")
                }
                try await stage.expectTruth()
                stage.expectGoodManners()
                for child in [children[0], children[2], children[3]] {
                    child.terminate()
                    #expect(await child.ended(within: .seconds(30)) == .exited(0), "\(child.log.text)")
                }
                #expect(try await stage.count("SELECT count(*) FROM jobs.job WHERE state = 'running'") == 0)
                let sessions = try await stage.count(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name NOT LIKE 'test%'")
                #expect(sessions <= 8 + 8, "eight of the proxy's, and the test's own")
            }
        }
    }
}
