import Fleet
import Foundation
import Postgres
import Runtime
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// Other ways to the database: behind PgBouncer in transaction mode, and as a role with few rights.
    ///
    /// Behind PgBouncer no session is anybody's: no prepared statement, no session setting, no LISTEN.
    @Suite struct Connecting {
        @Test(.enabled(if: PgBouncer.isThere, "Debian's package 'pgbouncer' can't be had"), .timeLimit(.minutes(10)))
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

        @Test(.timeLimit(.minutes(10)))
        func `processes that connect as kakehashi_app, without a right to any table's shape, do all the work`() async throws {
            try await Stage.set(SimulatorConfiguration(leads: 700), settings: ["coalesce-seconds": "0"]) { stage in
                let role = "\(stage.database.name)_app"
                try await stage.cluster.asSuperuser("CREATE ROLE \(role) LOGIN")
                try await stage.pool.run(script: "SELECT ops.grant_roles('\(role)')")
                let asApp = [VariableName.database: "postgresql://\(role)@127.0.0.1:\(stage.cluster.port)/\(stage.database.name)"]
                let children = [
                    try await stage.family.start("worker", as: "worker", ["--lease-seconds", "3"], environment: asApp),
                    try await stage.family.start("scheduler", as: "scheduler", environment: asApp),
                ]
                try await stage.settle()
                try await stage.pool.run(
                    script: "INSERT INTO crm.contacts (tenant_id, name, email) SELECT id, '新田 花子', 'hanako@new.example.jp' FROM sync.tenants")
                try await stage.until("SELECT EXISTS (SELECT FROM crm.contacts WHERE email = 'hanako@new.example.jp' AND lead_id IS NOT NULL)")
                for arguments in [
                    ["sync", Stage.tenant, "--wait", "--timeout", "60"], ["status"], ["reconcile", Stage.tenant], ["jobs", "list"],
                    ["tenant", "set", Stage.tenant, "sweep-days=6"], ["flow", "show"], ["tenant", "test", Stage.tenant],
                ] {
                    let child = try await stage.family.start("kakehashi", as: arguments[0], arguments, environment: asApp)
                    #expect(await child.ended(within: .seconds(90)) == .exited(0), "\(arguments): \(child.log.text)")
                }
                try await stage.settle()
                try await stage.expectTruth()
                for child in children {
                    child.terminate()
                    #expect(await child.ended(within: .seconds(30)) == .exited(0))
                    #expect(!child.log.text.contains("denied"), "\(child.log.text)")
                }
                let migrated = try await stage.family.start("kakehashi", as: "tenant remove", ["tenant", "remove", Stage.tenant], environment: asApp)
                #expect(await migrated.ended(within: .seconds(60)) == .exited(0), "\(migrated.log.text)")
            }
        }
    }
}
