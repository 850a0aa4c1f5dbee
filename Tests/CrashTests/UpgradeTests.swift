import Fleet
import JobQueue
import Logging
import Migrations
import Postgres
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// A new release beside the old one, and a schema that is newer than the processes on it.
    @Suite struct Upgrade {
        /// What a release to come does with one kind of job: its payload has another form, so its version is higher.
        private struct NextRefresh: Job {
            static let kind = "refresh-lead"
            static var version: Int { 2 }
            static var policy: JobPolicy { JobPolicy() }
            let lead: Int64
        }

        private struct NextHandler: JobHandler {
            func run(_ job: ClaimedJob<NextRefresh>, context: JobContext) async throws -> Verdict { .done() }
        }

        /// The schema of a release to come.
        private static func next(_ sql: String, breaking: Bool, number: Int = 1) -> Migration {
            let last = Migrations.all.last?.number ?? 0
            return Migration(number: last + number, name: "\(last + number)_next", sql: sql, breaking: breaking)
        }

        @Test(.timeLimit(.minutes(10)))
        func `the schema goes ahead in mid-load, old and new processes work side by side, and each takes the jobs that it can read`() async throws {
            try await Stage.set(.thin(leads: 3_000, seed: CrashSeed(value: 7), milliseconds: 20...60)) { stage in
                let old = [try await stage.worker(1), try await stage.worker(2), try await stage.scheduler(1)]
                try await stage.untilRegistered(300)
                let additive = Self.next(
                    """
                    ALTER TABLE jobs.job ADD COLUMN shade text;
                    ALTER TABLE jobs.history ADD COLUMN shade text;
                    ALTER TABLE sync.lead_links ADD COLUMN certainty real NOT NULL DEFAULT 1;
                    ALTER TABLE crm.contacts ADD COLUMN nickname text;
                    CREATE TABLE sync.later (tenant_id bigint PRIMARY KEY, word text);
                    """, breaking: false)
                let applied = try await Migrator(pool: stage.pool, migrations: Migrations.all + [additive]).migrate()
                #expect(applied == [additive.name])
                #expect(try await stage.value("SELECT state FROM ops.sync_progress") == "syncing", "the load goes on meanwhile")

                // One more of the old release starts on the newer schema, and one of the new one.
                let late = try await stage.worker(3)
                var registry = JobRegistry()
                try registry.register(NextHandler())
                let processor = try JobProcessor(
                    pool: stage.pool, registry: registry, settings: JobProcessorSettings(), logger: Logger(label: "next"))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await processor.run() }
                    try await stage.until("SELECT version = 2 FROM jobs.kind WHERE kind = 'refresh-lead'")
                    let lead = Int(stage.marketo.leads()[0].id)
                    try await stage.pool.run(script: "SELECT ops.resync_lead('acme', \(lead))")
                    try await stage.until(
                        """
                        SELECT EXISTS (SELECT FROM jobs.history WHERE kind = 'refresh-lead' AND version = 2 AND state = 'done'
                            AND worker_id NOT IN (SELECT id FROM jobs.worker WHERE pid IN (\((old + [late]).map { "\($0.pid)" }.joined(separator: ", ")))))
                        """)
                    processor.leave()
                    try await group.waitForAll()
                }
                try await stage.settle()
                #expect(old.allRun && late.ending == nil)
                try await stage.expectTruth()
                stage.expectGoodManners()

                // And one that older programs can't work on: they say so, and do nothing.
                let breaking = Self.next("ALTER TABLE jobs.job RENAME COLUMN shade TO colour", breaking: true, number: 2)
                for child in old + [late] {
                    child.terminate()
                    #expect(await child.ended(within: .seconds(30)) == .exited(0))
                }
                try await Migrator(pool: stage.pool, migrations: Migrations.all + [additive, breaking]).migrate()
                for program in ["worker", "scheduler"] {
                    let refused = try await stage.run(program, [])
                    #expect(refused.ending == .exited(1) && refused.said.contains(breaking.name), "\(refused.said)")
                }
            }
        }
    }
}
