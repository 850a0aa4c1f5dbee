import Jobs
import Postgres
import Simulator
import Store
import Testing

@Suite struct FeedTests {
    @Test func `R11: a sweep brings new leads, changed scores and acquisition dates`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.load()
            let new = try bridge.lead("new@example.com", last: "新", company: "社", score: 1)
            try bridge.marketo.changeScore([3], by: 1_000)
            try bridge.marketo.update([4], ["mktoAcquisitionDate": .string("2025-02-03T04:05:06Z")])
            try await bridge.sweep()
            #expect(try await bridge.contact(of: new, "name") == "新")
            #expect(try await bridge.contact(of: 3, "lead_score") == bridge.marketo.lead(3)?.leadScore.map(String.init))
            #expect(try await bridge.contact(of: 4, "acquisition_date")?.hasPrefix("2025-02-03 04:05:06") == true)
            #expect(try await bridge.count("SELECT leads_changed FROM sync.runs WHERE kind = 'sweep' AND state = 'done'") >= 3)
        }
    }

    @Test(arguments: [true, false])
    func `R11: a score change is read whether Marketo logs a changed value beside it or not`(both: Bool) async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.load()
            bridge.marketo.set { $0.scoreChangesLogBoth = both }
            try bridge.marketo.changeScore([3], by: 41)
            try await bridge.sweep()
            #expect(try await bridge.contact(of: 3, "lead_score") == bridge.marketo.lead(3)?.leadScore.map(String.init))
        }
    }

    @Test func `a feed's stored token is continued: an idle sweep makes no new one`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.load()
            try await bridge.sweep()
            try await bridge.rest()
            bridge.marketo.resetEvidence()
            try await bridge.sweep()
            #expect(bridge.marketo.evidence.callsByPath.filter { $0.key.contains("pagingtoken") }.isEmpty)
            #expect(bridge.marketo.evidence.counted <= 5)
        }
    }

    @Test func `matrix 3.5, empty page with moreResult: it is no end of a feed`() async throws {
        try await Bridgehead.stand(.open(leads: 5)) { bridge in
            try await bridge.load()
            try bridge.marketo.changeScore([2], by: 77)
            for nth in 1...3 {
                bridge.marketo.add(FaultRule.once(.emptyPage, path: "/rest/v1/activities.json", nth: nth))
            }
            try await bridge.sweep()
            #expect(try await bridge.contact(of: 2, "lead_score") == bridge.marketo.lead(2)?.leadScore.map(String.init))
        }
    }

    @Test func `matrix 3.5, paging token refused: it is replaced by one that goes back far enough`() async throws {
        try await Bridgehead.stand(.open(leads: 5)) { bridge in
            try await bridge.load()
            try bridge.marketo.changeScore([2], by: 77)
            try await bridge.sql("UPDATE sync.cursors SET token = 'rubbish'")
            try await bridge.sweepWithRestarts()
            #expect(try await bridge.contact(of: 2, "lead_score") == bridge.marketo.lead(2)?.leadScore.map(String.init))
            #expect(try await bridge.count("SELECT count(*) FROM sync.cursors WHERE token = 'rubbish'") == 0)
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'feed_restarted'") == 1)
        }
    }

    @Test func `matrix 3.5, the same token again and again: the feed is begun anew`() async throws {
        try await Bridgehead.stand(.open(leads: 5)) { bridge in
            try await bridge.load()
            // More than a page holds, so that there is more behind the first.
            for _ in 1...61 { try bridge.marketo.changeScore([1, 2, 3, 4, 5], by: 1) }
            bridge.marketo.add(FaultRule(.repeatedToken, path: "/rest/v1/activities.json").limited(to: 4))
            bridge.marketo.resetEvidence()
            try await bridge.sweepWithRestarts()
            #expect(try await bridge.contact(of: 2, "lead_score") == bridge.marketo.lead(2)?.leadScore.map(String.init))
            #expect(bridge.marketo.evidence.callsByPath["GET /rest/v1/activities/pagingtoken.json"] == 1)
        }
    }

    @Test func `promise 3: a page that somebody else has stored meanwhile moves nothing`() async throws {
        try await Bridgehead.stand(.open(leads: 5)) { bridge in
            try await bridge.load()
            let stream = ChangeStream.activities.rawValue
            let cursor = try #require(try await bridge.pool.first(ReadCursor(tenant: bridge.tenant.id, stream: stream)))
            let move = { (token: String) in
                MoveCursor(
                    tenant: bridge.tenant.id, stream: stream, readSequence: cursor.sequence, token: token, lastActivityAt: nil, countsAsEmpty: false)
            }
            #expect(try await bridge.pool.first(move("first")) != nil)
            #expect(try await bridge.pool.first(move("second")) == nil)
            #expect(try await bridge.value("SELECT token FROM sync.cursors WHERE stream = 'activities'") == "first")
        }
    }

    @Test(arguments: [FaultRule.Kind.truncated, .invalidJSON, .reset, .http])
    func `matrix 3.5, cut or invalid body: a page of leads that is cut, garbled or lost is read again, and nothing is lost`(kind: FaultRule.Kind)
        async throws
    {
        try await Bridgehead.stand(.open(leads: 900)) { bridge in
            bridge.marketo.add(FaultRule.once(kind, path: "/rest/v1/leads.json", nth: 5, status: kind == .http ? 502 : nil))
            try await bridge.load()
            let listed = try await bridge.count("SELECT count(*) FROM sync.quarantine")
            #expect(try await bridge.count("SELECT count(DISTINCT lead_id) FROM sync.lead_links") + listed == 900)
            #expect(try await bridge.count("SELECT count(*) FROM jobs.dead") == 0)
        }
    }

    @Test func `matrix 3.5, 602 in mid-page: an expired token is renewed in mid-load`() async throws {
        try await Bridgehead.stand(.open(leads: 900)) { bridge in
            bridge.marketo.add(FaultRule.once(.tokenExpiredThenInvalid, path: "/rest/v1/leads.json", nth: 4))
            try await bridge.load()
            let listed = try await bridge.count("SELECT count(*) FROM sync.quarantine")
            #expect(try await bridge.count("SELECT count(DISTINCT lead_id) FROM sync.lead_links") + listed == 900)
        }
    }
}

extension Bridgehead {
    /// Does an hourly sync in which a feed is begun anew, without waiting for the minute that this takes.
    fileprivate func sweepWithRestarts() async throws {
        try await self.startSweep()
        try await self.work(until: "SELECT count(*) > 0 FROM jobs.job WHERE kind = 'fetch-change-page' AND state = 'scheduled'")
        try await self.sql("UPDATE jobs.job SET run_at = now(), state = 'ready' WHERE kind = 'fetch-change-page' AND state = 'scheduled'")
        try await self.work()
        try await self.sql("UPDATE jobs.job SET run_at = now(), state = 'ready' WHERE kind = 'fetch-change-page' AND state = 'scheduled'")
        try await self.work()
    }
}

extension FaultRule {
    /// A fault at the `nth` call of a path, once.
    fileprivate static func once(_ kind: Kind, path: String, nth: Int, status: Int? = nil) -> FaultRule {
        var rule = FaultRule(kind, path: path)
        rule.nth = nth
        rule.status = status
        return rule
    }
}
