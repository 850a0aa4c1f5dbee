import Jobs
import Postgres
import Simulator
import Store
import Testing

/// The rows of sync-algorithms.md 3.5 that are about pages of a feed, under two workers.
@Suite(.timeLimit(.minutes(20))) struct MatrixFeedTests {
    private static let path = "/rest/v1/activities.json"

    @Test func `matrix 3.5, two workers on one stream: each page is stored once, and who was slower moves nothing`() async throws {
        try await Bridgehead.stand { bridge in
            let leads = try await bridge.registeredLeads(10)
            try bridge.marketo.changeScore(leads, by: 5)
            bridge.marketo.add(FaultRule(.shortPage, path: Self.path).with { $0.count = 2 })
            // Slow enough that both have read the first page before one of them stores it.
            bridge.marketo.add(FaultRule(.delay, path: Self.path).with { $0.seconds = 0.4 })
            let before = try await bridge.pagesStored()
            // Twice, as the key of such a job never lets happen.
            try await bridge.sql(
                """
                INSERT INTO jobs.job (tenant_id, kind, payload)
                SELECT $tenant, 'fetch-change-page', '{"stream": "activities"}' FROM generate_series(1, 2)
                """)
            try await bridge.workTogether()
            let pages = try await bridge.pagesStored() - before
            #expect(pages >= 5)
            #expect(bridge.marketo.evidence.callsByPath[Bridgehead.activities] == pages + 1, "only the first was read twice")
            #expect(try await bridge.staleLeads() == [])
            #expect(try await bridge.nothingSpentNorTwice())
        }
    }

    @Test(arguments: [
        FaultRule(.truncated), FaultRule(.invalidJSON), FaultRule(.reset), FaultRule(.lostAnswer), FaultRule(.http).with { $0.status = 502 },
        FaultRule(.lostAnswer).with { $0.status = 504 }, FaultRule.code("611", "System error"), FaultRule.code("1999", "Never heard of"),
        FaultRule.code("713", "Transient Error"),
    ])
    func `matrix 3.5, HTTP 200 with success:false, cut or invalid body, lost answer: the page counts as not fetched`(fault: FaultRule) async throws {
        try await Bridgehead.stand { bridge in
            let leads = try await bridge.registeredLeads(10)
            try bridge.marketo.changeScore(leads, by: 5)
            let number = bridge.marketo.add(
                fault.with {
                    $0.path = Self.path
                    $0.after = 1
                    $0.times = 2
                })
            // After it, for of two faults that would show on a call the first comes.
            bridge.marketo.add(FaultRule(.shortPage, path: Self.path).with { $0.count = 3 })
            let before = try await bridge.pagesStored()
            try await bridge.readFeeds()
            try await bridge.workTogether()
            #expect(bridge.marketo.fired(number) == 2)
            let pages = try await bridge.pagesStored() - before
            #expect(pages >= 4)
            #expect(bridge.marketo.evidence.callsByPath[Bridgehead.activities] == pages + 2, "no page but those two was asked for again")
            #expect(bridge.marketo.evidence.callsByPath["GET /rest/v1/activities/pagingtoken.json"] == nil)
            #expect(try await bridge.staleLeads() == [])
            #expect(try await bridge.count("SELECT count(*) FROM jobs.dead") == 0)
        }
    }

    @Test func `matrix 3.5, duplicate activity: records that come twice change a contact once`() async throws {
        try await Bridgehead.stand { bridge in
            let leads = try await bridge.registeredLeads(10)
            bridge.marketo.add(FaultRule(.repeatedRecords, path: "/rest/v1/activities*"))
            try bridge.marketo.changeScore(leads, by: 5)
            try await bridge.readFeeds()
            try await bridge.workTogether()
            // And the whole feed once more, from before the changes.
            try await bridge.sql("UPDATE sync.cursors SET token = 'refused'")
            try await bridge.readFeeds()
            try await bridge.workTogether(
                until: "SELECT count(*) >= 2 FROM jobs.job WHERE kind = 'fetch-change-page' AND state = 'scheduled'")
            try await bridge.timePasses()
            try await bridge.workTogether()
            #expect(bridge.marketo.evidence.faults["repeated-records", default: 0] >= 4)
            #expect(try await bridge.staleLeads() == [])
            #expect(try await bridge.nothingSpentNorTwice())
            #expect(try await bridge.count("SELECT count(*) FROM sync.audit WHERE what = 'contact_updated'") == 10)
        }
    }

    @Test func `matrix 3.5, more than 500 empty pages: the feed is begun anew from its date, with one new token`() async throws {
        try await Bridgehead.stand { bridge in
            let leads = try await bridge.registeredLeads(5)
            try bridge.marketo.changeScore(leads, by: 5)
            try await bridge.sql("UPDATE sync.cursors SET empty_pages = 497 WHERE stream = 'activities'")
            // Three that are still borne, the 501st, and one more after the new beginning.
            bridge.marketo.add(FaultRule(.emptyPage, path: Self.path).limited(to: 5))
            try await bridge.readFeeds()
            try await bridge.workTogether(
                until: "SELECT count(*) > 0 FROM jobs.job WHERE kind = 'fetch-change-page' AND state = 'scheduled'")
            #expect(bridge.marketo.evidence.callsByPath[Bridgehead.activities] == 4)
            #expect(bridge.marketo.evidence.callsByPath["GET /rest/v1/activities/pagingtoken.json"] == 1)
            try await bridge.timePasses()
            try await bridge.workTogether()
            #expect(bridge.marketo.evidence.callsByPath["GET /rest/v1/activities/pagingtoken.json"] == 1)
            #expect(try await bridge.staleLeads() == [])
            #expect(try await bridge.count("SELECT empty_pages FROM sync.cursors WHERE stream = 'activities'") == 0)
        }
    }

    @Test(arguments: [FaultRule(.http).with { $0.status = 414 }, FaultRule.code("1003", "Invalid nextPageToken")])
    func `matrix 3.5, paging token refused or too long: one new date token from 26 h before the newest activity`(fault: FaultRule) async throws {
        try await Bridgehead.stand { bridge in
            let leads = try await bridge.registeredLeads(5)
            try bridge.marketo.changeScore(leads, by: 5)
            try await bridge.sweep()
            try bridge.marketo.changeScore(leads, by: 1)
            // The newest that the feed told of lies 30 h back; what was said 50 h ago is none of its business.
            try await bridge.sql("UPDATE sync.cursors SET last_activity_at = now() - interval '30 hours', since_at = now() - interval '90 days'")
            for (hours, score) in [(55, 2), (57, 3)] {
                bridge.marketo.add(
                    Activity(type: 22, lead: Int64(100 + score), date: bridge.marketo.now - Int64(hours) * 3_600))
            }
            bridge.marketo.resetEvidence()
            bridge.marketo.add(
                fault.with {
                    $0.path = Self.path
                    $0.times = 1
                })
            try await bridge.readFeeds()
            try await bridge.workTogether(
                until: "SELECT count(*) > 0 FROM jobs.job WHERE kind = 'fetch-change-page' AND state = 'scheduled'")
            try await bridge.timePasses()
            try await bridge.workTogether()
            #expect(bridge.marketo.evidence.callsByPath["GET /rest/v1/activities/pagingtoken.json"] == 1)
            #expect(try await bridge.staleLeads() == [])
            // 55 h lie within 30 + 26, 57 h don't.
            #expect(try await bridge.value("SELECT string_agg(lead_id::text, ',') FROM sync.lost_leads") == "102")
        }
    }

    @Test func `matrix 3.5, late activity: what the token has gone past is found when the blocks are read again`() async throws {
        try await Bridgehead.stand { bridge in
            let leads = try await bridge.registeredLeads(5)
            try bridge.marketo.changeScore([leads[2]], by: 40)
            // As if it were written down only after the token had gone by.
            let past = ActivityToken(since: bridge.marketo.now + 1).text
            try await bridge.sql("UPDATE sync.cursors SET token = '\(past)'")
            try await bridge.readFeeds()
            try await bridge.workTogether()
            #expect(try await bridge.staleLeads() == [leads[2]], "no feed tells of it")
            try await bridge.startFullLoad()
            try await bridge.workTogether()
            #expect(try await bridge.staleLeads() == [])
        }
    }
}
