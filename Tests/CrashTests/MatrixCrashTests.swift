import Fleet
import Foundation
import Postgres
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// The rows of sync-algorithms.md 3.5 that need real processes: crashes at a chosen instant, and clocks that are wrong.
    @Suite struct MatrixCrash {
        private static let activities = "GET /rest/v1/activities.json"
        private static let pages = "SELECT token_seq FROM sync.cursors WHERE stream = 'activities'"

        /// A load is done, the feeds are read to their end, ten leads have changed since.
        private static func changed(_ body: (Stage, ChildProcess, _ pagesBefore: Int) async throws -> Void) async throws {
            try await Stage.set(SimulatorConfiguration()) { stage in
                let leads = try (1...10).map {
                    try stage.marketo.createLead([
                        "email": .string("a\($0)@example.com"), "lastName": "山田", "company": "社", "leadScore": .number("1"),
                    ])
                }
                let worker = try await stage.worker(1)
                try await stage.settle()
                try await stage.pool.run(script: "SELECT ops.sync_now('acme')")
                try await stage.settle()
                try stage.marketo.changeScore(leads, by: 5)
                stage.marketo.resetEvidence()
                try await body(stage, worker, try await stage.count(pages))
                #expect(stage.marketo.evidence.callsByPath["GET /rest/v1/activities/pagingtoken.json"] == nil, "the stored token goes on")
                #expect(try await stage.count("SELECT count(*) FROM sync.audit WHERE what = 'contact_updated'") == 10, "no change is made twice")
                try await stage.expectTruth()
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `matrix 3.5, crash after the fetch, before the commit: another worker fetches the page again, and nothing happens twice`() async throws {
            try await Self.changed { stage, victim, before in
                // Whoever has read the page can't store it while we hold its cursor.
                try await stage.pool.transaction { tx in
                    try await tx.run(script: "SELECT FROM sync.cursors WHERE stream = 'activities' FOR UPDATE")
                    try await stage.pool.run(script: "SELECT ops.sync_now('acme')")
                    try await stage.until(
                        """
                        SELECT count(*) = 1 FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%sync.cursors%'
                        """)
                    #expect(stage.marketo.evidence.callsByPath[Self.activities] == 1)
                    victim.kill()
                    #expect(await victim.ended(within: .seconds(10)) == .signalled(9))
                }
                #expect(try await stage.count(Self.pages) == before)
                #expect(try await stage.count("SELECT count(*) FROM jobs.job WHERE kind = 'refresh-lead'") <= 10)
                try await stage.worker(2)
                try await stage.settle()
                let pages = try await stage.count(Self.pages) - before
                #expect(stage.marketo.evidence.callsByPath[Self.activities] == pages + 1)
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `matrix 3.5, crash after the commit, before the next fetch: another worker goes on with the new token`() async throws {
            try await Self.changed { stage, victim, before in
                let path = "/rest/v1/activities.json"
                let third = stage.marketo.add(
                    FaultRule(.hang, path: path).with {
                        $0.after = 2
                        $0.times = 1
                    })
                stage.marketo.add(FaultRule(.shortPage, path: path).with { $0.count = 2 })
                try await stage.pool.run(script: "SELECT ops.sync_now('acme')")
                try await stage.until("the third page is asked for") { stage.marketo.fired(third) == 1 }
                #expect(try await stage.count(Self.pages) == before + 2)
                victim.kill()
                #expect(await victim.ended(within: .seconds(10)) == .signalled(9))
                try await stage.worker(2)
                try await stage.settle()
                // No page that was stored is read again. A call that was never answered is not counted.
                let pages = try await stage.count(Self.pages) - before
                #expect(pages >= 5)
                #expect(stage.marketo.evidence.callsByPath[Self.activities, default: 0] - pages <= 1)
            }
        }

        @Test(.timeLimit(.minutes(10)), .enabled(if: PreloadedLibrary.compiler != nil), arguments: CrashSeed.drawn())
        func `matrix 3.5, clock skew on our side: workers a day ahead and a day behind and a wrong scheduler do as well as others`(
            seed: CrashSeed
        ) async throws {
            let clock = try ShiftedClock()
            defer { clock.remove() }
            try await Stage.set(.thin(leads: 1_500, seed: seed, milliseconds: 5...40)) { stage in
                let children = [
                    try await stage.family.start("worker", as: "ahead", ["--concurrency", "6"], environment: clock.environment(hours: 25)),
                    try await stage.family.start("worker", as: "behind", ["--concurrency", "6"], environment: clock.environment(hours: -25)),
                    try await stage.family.start("scheduler", as: "scheduler", environment: clock.environment(hours: 7)),
                ]
                try await stage.settle()
                var random = seed.random
                let changes = try ManyChanges(in: stage.marketo, &random)
                try await stage.pool.run(script: "SELECT ops.sync_now('acme')")
                try await stage.settle()
                #expect(children.allRun)
                // The clocks were wrong indeed, and what is written down is dated by the database's.
                #expect(children[0].log.text.contains(clock.day(hours: 25)) && children[1].log.text.contains(clock.day(hours: -25)))
                #expect(
                    try await stage.value(
                        """
                        SELECT count(*) = 0 FROM (
                            SELECT at FROM sync.audit UNION ALL SELECT started_at FROM sync.runs UNION ALL SELECT booked_at FROM sync.calls
                            UNION ALL SELECT since_at FROM sync.cursors UNION ALL SELECT observed_at FROM sync.lead_mirror
                        ) AS moments (at)
                        WHERE at NOT BETWEEN now() - interval '4 hours' AND now()
                        """) == "true")
                try await stage.expectTruth(registered: changes.registered)
                stage.expectGoodManners()
            }
        }
    }
}
