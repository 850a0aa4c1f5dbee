import FoundationEssentials
import JobQueue
import Jobs
import Postgres
import Simulator
import Sync
import Testing

@testable import Store
@testable import Worker

/// What finds changes that the feeds did not tell of in time: looks further back, the rolling sweep, and reading all anew after a gap.
@Suite struct SecondLookTests {
    private static let tail = "GET /rest/v1/activities/pagingtoken.json"

    /// Has a score change in Marketo be logged an hour ago, behind the token that the sync holds.
    private static func changeLate(_ lead: Int64, _ bridge: Bridgehead) throws {
        bridge.marketo.set {
            $0.lateShare = 1
            $0.lateSeconds = 3_600
        }
        try bridge.marketo.changeScore([lead], by: 5)
        bridge.marketo.set { $0.lateShare = 0 }
    }

    /// Has the sync believe that these leads had another score, as if one change had gone by without a word.
    private static func forget(_ leads: String, _ bridge: Bridgehead) async throws {
        try await bridge.sql(
            """
            SELECT crm.write_as_sync();
            UPDATE sync.lead_mirror SET lead_score = 1 WHERE lead_id IN (\(leads));
            UPDATE crm.contacts SET lead_score = 1 WHERE lead_id IN (\(leads));
            UPDATE sync.lead_links SET snapshot = lead_mirror.snapshot FROM sync.lead_mirror
            WHERE lead_links.lead_id = lead_mirror.lead_id AND lead_mirror.lead_id IN (\(leads))
            """)
    }

    /// Looks at the feeds once more, so that what is older than the sync itself is known.
    private static func look(_ hours: Int, _ bridge: Bridgehead) async throws {
        _ = try await bridge.pool.transaction { tx in try await tx.enqueue(FetchTailPage(hours: hours), tenant: bridge.id) }
        try await bridge.work()
    }

    private static func isCurrent(_ lead: Int64, _ bridge: Bridgehead) async throws -> Bool {
        try await bridge.contact(of: lead, "lead_score") == bridge.marketo.lead(lead)?.leadScore.map(String.init)
    }

    @Test func `R26, matrix 3.5, late activity: the feed passes over it, and the next sync's look three hours back finds it`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.load()
            try await bridge.sweep()
            try await bridge.rest()
            try Self.changeLate(3, bridge)
            // An idle feed is not looked at twice.
            bridge.marketo.resetEvidence()
            try await bridge.sweep()
            #expect(bridge.marketo.evidence.callsByPath[Self.tail] == nil)
            #expect(try await !Self.isCurrent(3, bridge))
            // Once there was something, the next sync looks back.
            try bridge.marketo.changeScore([4], by: 1)
            try await bridge.sweep()
            try await bridge.sweep()
            #expect(bridge.marketo.evidence.callsByPath[Self.tail] == 1)
            #expect(try await Self.isCurrent(3, bridge))
        }
    }

    @Test func `a second look reads again only the leads of activities that no page has told of before`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.load()
            try bridge.marketo.changeScore([1, 2, 5, 6], by: 1)
            try await bridge.sweep()
            try await Self.look(26, bridge)
            try Self.changeLate(3, bridge)
            let before = try await bridge.count("SELECT max(id) FROM jobs.history")
            try await Self.look(26, bridge)
            #expect(try await Self.isCurrent(3, bridge))
            let again = "SELECT string_agg(DISTINCT unique_key, ' ') FROM jobs.history WHERE kind = 'refresh-lead' AND id > \(before)"
            #expect(try await bridge.value(again) == "lead:3")
            // All three feeds were looked at, and their cursors are where they were.
            #expect(try await bridge.count("SELECT count(DISTINCT payload ->> 'stream') FROM jobs.history WHERE kind = 'fetch-tail-page'") == 3)
        }
    }

    @Test func `a second look follows pages, empty ones too, and ends when it turns in circles`() async throws {
        try await Bridgehead.stand(.open(leads: 5)) { bridge in
            try await bridge.load()
            for _ in 1...61 { try bridge.marketo.changeScore([1, 2, 3, 4, 5], by: 1) }
            bridge.marketo.add(FaultRule(.emptyPage, path: "/rest/v1/activities.json").limited(to: 1))
            try await Self.look(3, bridge)
            for lead in Int64(1)...5 { #expect(try await Self.isCurrent(lead, bridge)) }
            #expect(try await bridge.count("SELECT count(*) FROM jobs.history WHERE payload ->> 'stream' = 'activities'") >= 3)
            bridge.marketo.add(FaultRule(.repeatedToken, path: "/rest/v1/activities.json"))
            try await Self.look(4, bridge)
            #expect(try await bridge.count("SELECT count(*) FROM jobs.current") == 0)
        }
    }

    @Test func `a second look whose token is refused begins anew a minute later, and is not buried; chaos 2`() async throws {
        try await Bridgehead.stand(.open(leads: 5)) { bridge in
            try await bridge.load()
            try Self.changeLate(3, bridge)
            var fault = FaultRule(.http, path: "/rest/v1/activities.json").limited(to: 1)
            fault.status = 414
            bridge.marketo.add(fault)
            try await bridge.pool.transaction { tx in _ = try await tx.enqueue(FetchTailPage(hours: 3, asked: true), tenant: bridge.id) }
            let waits = "SELECT count(*) = 1 FROM jobs.job WHERE kind = 'fetch-tail-page' AND run_at > now() + interval '30 seconds'"
            try await bridge.work(until: waits)
            try await bridge.sql("UPDATE jobs.job SET run_at = now(), state = 'ready' WHERE kind = 'fetch-tail-page'")
            try await bridge.work()
            #expect(try await Self.isCurrent(3, bridge))
            #expect(try await bridge.count("SELECT count(*) FROM jobs.dead") == 0)
        }
    }

    @Test func `after a silence the look goes back a day and two hours before it; by Marketo's own stamps, not by our clock`() {
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        func orders(_ page: TimeInterval, record: TimeInterval?) -> SweepOrders {
            let cursor = FeedCursor(
                token: "t", sequence: 1, emptyPages: 0, lastActivityAt: nil, lastRecordAt: record.map { now.addingTimeInterval(-$0) },
                lastPageAt: now.addingTimeInterval(-page), since: now.addingTimeInterval(-9e6))
            return SweepOrders(
                tenant: TenantID(rawValue: 1), now: now, cursors: [.activities: cursor, .leadChanges: cursor], sweepDays: 7, isAsked: false)
        }
        #expect(orders(3_600, record: nil).tailHours == nil)
        #expect(orders(3_600, record: 3_600).tailHours == 3)
        #expect(orders(3_600, record: 7_300).tailHours == nil)
        #expect(orders(10 * 3_600, record: nil).tailHours == 36)
        #expect(orders(3_600, record: 1).gaps.isEmpty)
        #expect(orders(81 * 86_400, record: nil).gaps.map(\.stream) == [.activities, .leadChanges])
    }

    @Test func `matrix 3.5, cursor older than 13 or 80 days: it opens a gap, and reading all anew closes it`() async throws {
        try await Bridgehead.stand(.open(leads: 620)) { bridge in
            try await bridge.load()
            try await bridge.sweep()
            // A change of which no feed will ever tell.
            let cursors = "UPDATE sync.cursors SET last_page_at = now() - interval"
            try await Self.forget("7, 333", bridge)
            try await bridge.sql("\(cursors) '14 days' WHERE stream = 'deletedleads'; \(cursors) '81 days' WHERE stream = 'activities'")
            try await bridge.sweep()
            #expect(try await bridge.count("SELECT count(*) FROM ops.feed_gaps WHERE closed_at IS NOT NULL") == 2)
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'feed_gap'") == 1)
            #expect(try await bridge.value("SELECT state FROM sync.runs WHERE kind = 'reread'") == "done")
            for lead in [Int64(7), 333] { #expect(try await Self.isCurrent(lead, bridge)) }
            // And the next sync finds no gap any more.
            try await bridge.sweep()
            #expect(try await bridge.count("SELECT count(*) FROM sync.runs WHERE kind = 'reread'") == 1)
        }
    }

    @Test func `a gap that is found while a full load is under way has it read again what it has read already`() async throws {
        try await Bridgehead.stand(.open(leads: 620)) { bridge in
            try await bridge.load()
            let run = try await bridge.emptyRun(.full)
            try await bridge.sql("UPDATE sync.runs SET planned_at = now(), queued_at = now(), probed_at = now() WHERE id = \(run)")
            try await bridge.sql("UPDATE sync.cursors SET last_page_at = now() - interval '14 days' WHERE stream = 'deletedleads'")
            try await bridge.sweep()
            #expect(try await bridge.count("SELECT count(*) FROM sync.feed_gaps WHERE run_id = \(run) AND closed_at IS NOT NULL") == 1)
            #expect(try await bridge.count("SELECT count(*) FROM sync.lead_blocks WHERE run_id = \(run) AND wanted_at IS NULL") == 3)
            #expect(try await bridge.count("SELECT count(*) FROM sync.runs WHERE kind = 'reread'") == 0)
        }
    }

    @Test func `R26: the rolling sweep reads each block once in sweep-days, as many an hour as it takes, the longest unread first`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.load()
            // 400 blocks, all read an hour after one another, the lowest last.
            try await bridge.sql(
                """
                DELETE FROM sync.lead_blocks;
                INSERT INTO sync.lead_blocks (tenant_id, block_no, scanned_at)
                SELECT $tenant, n, now() - n * interval '1 hour' - interval '1 minute' FROM generate_series(0, 399) AS n
                """)
            let due = try await bridge.pool.query(FindDueBlocks(tenant: bridge.tenant.id, days: 7))
            // Three an hour keep up; as 232 are overdue, thirty are caught up with.
            #expect(due.map(\.number) == Array((370...399).reversed()))
            try await bridge.sql("UPDATE sync.lead_blocks SET scanned_at = now() - interval '40 hours'")
            let calm = try await bridge.pool.query(FindDueBlocks(tenant: bridge.tenant.id, days: 7))
            #expect(calm.count == 3)
            try await bridge.sql("UPDATE sync.lead_blocks SET scanned_at = now() - interval '10 hours'")
            #expect(try await bridge.pool.query(FindDueBlocks(tenant: bridge.tenant.id, days: 7)).isEmpty)
            // A small tenant's one block is read when its time is nearly over, not each hour.
            try await bridge.sql(
                "DELETE FROM sync.lead_blocks WHERE block_no > 0; UPDATE sync.lead_blocks SET scanned_at = now() - interval '6 days'")
            #expect(try await bridge.pool.query(FindDueBlocks(tenant: bridge.tenant.id, days: 7)).isEmpty)
            try await bridge.sql("UPDATE sync.lead_blocks SET scanned_at = now() - interval '6 days 20 hours'")
            #expect(try await bridge.pool.query(FindDueBlocks(tenant: bridge.tenant.id, days: 7)).count == 1)
        }
    }

    @Test func `R26: what no feed tells of is found by the rolling sweep`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.load()
            try await bridge.sweep()
            try await bridge.rest()
            try await Self.forget("4", bridge)
            try await bridge.sql("UPDATE sync.lead_blocks SET scanned_at = now() - interval '7 days'")
            try await bridge.sweep()
            #expect(try await Self.isCurrent(4, bridge))
            #expect(try await bridge.count("SELECT count(*) FROM sync.calls WHERE lane = 'sweep'") == 1)
        }
    }

    @Test func `sync --sweep reads every known block again with the sweep's calls, and leaves a full load alone`() async throws {
        try await Bridgehead.stand(.open(leads: 620)) { bridge in
            try await bridge.load()
            try await Self.forget("1, 300, 301, 620", bridge)
            bridge.marketo.resetEvidence()
            _ = try await bridge.pool.first(BeginReread(tenant: bridge.tenant.id, joinsFullLoad: false))
            try await bridge.work()
            for lead in [Int64(1), 300, 301, 620] { #expect(try await Self.isCurrent(lead, bridge)) }
            #expect(bridge.marketo.evidence.counted == 3, "\(bridge.marketo.evidence.callsByPath)")
            #expect(try await bridge.count("SELECT count(*) FROM sync.calls WHERE lane = 'sweep'") == 3)
        }
    }

    @Test func `an idle hour costs at most six calls, and a thousand changed leads at most fourteen more`() async throws {
        try await Bridgehead.stand(.open(leads: 1_200)) { bridge in
            try await bridge.load()
            try await bridge.sweep()
            try await Self.look(4, bridge)
            try await bridge.rest()
            bridge.marketo.resetEvidence()
            try await bridge.sweep()
            #expect(bridge.marketo.evidence.counted <= 6, "\(bridge.marketo.evidence.callsByPath)")
            try bridge.marketo.changeScore(Array(1...1_000), by: 1)
            bridge.marketo.resetEvidence()
            try await bridge.sweep()
            #expect(bridge.marketo.evidence.counted <= 20, "\(bridge.marketo.evidence.callsByPath)")
            #expect(try await Self.isCurrent(999, bridge))
            // The second look an hour later meets nothing that is new, and reads no lead again.
            bridge.marketo.resetEvidence()
            try await bridge.sweep()
            #expect(bridge.marketo.evidence.counted <= 20, "\(bridge.marketo.evidence.callsByPath)")
            #expect(bridge.marketo.evidence.callsByPath.filter { $0.key.hasSuffix("/rest/v1/leads.json") }.values.reduce(0, +) <= 1)
        }
    }
}
