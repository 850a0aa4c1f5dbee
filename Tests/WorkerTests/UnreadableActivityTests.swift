import JobQueue
import Jobs
import Postgres
import Simulator
import Testing

/// A record of a feed's page that can't be read.
@Suite(.timeLimit(.minutes(20))) struct UnreadableActivityTests {
    @Test func `promise 5: an activity that names no lead costs that record alone, and is noted with its GUID`() async throws {
        try await Bridgehead.stand { bridge in
            let leads = try await bridge.registeredLeads(4)
            try bridge.marketo.changeScore([leads[0], leads[1]], by: 5)
            // No lead has these numbers, so whom it happened to can't be read.
            for lead in [0, -7] as [Int64] { bridge.marketo.add(Activity(type: 22, lead: lead, date: bridge.marketo.now)) }
            try bridge.marketo.changeScore([leads[2], leads[3]], by: 5)
            try await bridge.startSweep()
            try await bridge.workTogether()
            #expect(try await bridge.staleLeads() == [])
            #expect(try await bridge.nothingSpentNorTwice())
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE tenant = 'acme' AND kind = 'activity_unreadable'") == 1)
            let record = "FROM sync.audit WHERE what = 'activity_unreadable'"
            #expect(try await bridge.count("SELECT count(DISTINCT new ->> 'marketo_guid') \(record)") == 2)
            #expect(
                try await bridge.value("SELECT string_agg(DISTINCT concat(new ->> 'member', ' of ', new ->> 'stream'), ', ') \(record)")
                    == "leadId of activities")
            #expect(try await bridge.value("SELECT text LIKE '%activities%leadId%' FROM ops.notes WHERE kind = 'activity_unreadable'") == "true")
            // And it is not noted over and over, whichever look at the feed comes first.
            bridge.marketo.resetEvidence()
            try await bridge.sweep()
            try await bridge.pool.transaction { tx in _ = try await tx.enqueue(FetchTailPage(hours: 3, asked: true), tenant: bridge.id) }
            try await bridge.work()
            #expect(try await bridge.count("SELECT count(*) \(record)") == 2)
        }
    }
}
