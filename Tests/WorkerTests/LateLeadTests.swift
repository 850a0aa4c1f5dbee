import JobQueue
import Jobs
import Postgres
import Simulator
import Store
import Sync
import Testing

/// Leads of which no feed tells, or not yet.
@Suite struct LateLeadTests {
    @Test func `R26: a lead that was passed over by a newer one is found by the next sweep, though no feed tells of it`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.load()
            var made: [Int64] = []
            for number in 1...10 { made.append(try bridge.lead("late\(number)@example.com", company: "社")) }
            // A feed told of the newest only.
            try await bridge.hint(made[9])
            try await bridge.work()
            #expect(try await bridge.count("SELECT count(*) FROM sync.lead_mirror") == 11)
            try await bridge.lookAbove()
            #expect(try await bridge.count("SELECT count(*) FROM sync.lead_mirror") == 20)
            #expect(try await bridge.count("SELECT count(*) FROM sync.lead_links WHERE lead_id = \(made[4])") == 1)
        }
    }

    @Test func `R26: thousands of leads that were passed over are found, 300 a call`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.load()
            let made = bridge.marketo.createLeads(count: 1_500)
            try await bridge.hint(made[1_499])
            try await bridge.work()
            bridge.marketo.resetEvidence()
            try await bridge.lookAbove()
            #expect(try await bridge.count("SELECT count(*) FROM sync.lead_mirror") == 1_510)
            #expect(bridge.marketo.evidence.counted <= 6, "\(bridge.marketo.evidence.callsByPath)")
            // And what is settled is not looked at over and over.
            bridge.marketo.resetEvidence()
            try await bridge.lookAbove()
            #expect(bridge.marketo.evidence.counted == 1)
        }
    }

    @Test func `R26: a lead that was being written while it was looked for is found by the next sweep`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.load()
            let hidden = try bridge.lead("hidden@example.com", company: "社")
            let seen = try bridge.lead("seen@example.com", company: "社")
            try await bridge.lookAbove()
            // As if the first look had found the newer one only.
            try await bridge.sql("DELETE FROM sync.lead_mirror WHERE lead_id = \(hidden); UPDATE sync.frontiers SET before_to = 10")
            try await bridge.lookAbove()
            #expect(try await bridge.count("SELECT count(*) FROM sync.lead_mirror WHERE lead_id = \(hidden)") == 1)
            #expect(try await bridge.count("SELECT count(*) FROM sync.lead_mirror WHERE lead_id = \(seen)") == 1)
        }
    }

    @Test func `a lead that something hints at and no read brings is looked for twice more, and then noted`() async throws {
        try await Bridgehead.stand(.open(leads: 3)) { bridge in
            try await bridge.load()
            try await bridge.hint(77)
            for (checks, wait) in [(1, "10 minutes"), (2, "24 hours")] {
                try await bridge.work()
                #expect(try await bridge.count("SELECT checks FROM sync.lost_leads WHERE lead_id = 77 AND state = 'missing'") == checks)
                let due = "run_at BETWEEN now() + interval '\(wait)' * 0.9 AND now() + interval '\(wait)'"
                #expect(try await bridge.count("SELECT count(*) FROM jobs.job WHERE unique_key = 'lead:77' AND \(due)") == 1)
                try await bridge.sql("UPDATE jobs.job SET run_at = now(), state = 'ready' WHERE unique_key = 'lead:77'")
            }
            try await bridge.work()
            #expect(try await bridge.count("SELECT count(*) FROM jobs.job WHERE unique_key = 'lead:77'") == 0)
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'not_accessible' AND lead_id = 77") == 1)
            #expect(try await bridge.count("SELECT count(*) FROM sync.audit WHERE what = 'lead_not_accessible' AND lead_id = 77") == 1)
        }
    }

    @Test func `R26: a hinted lead that shows up at a later look is registered`() async throws {
        try await Bridgehead.stand(.open(leads: 3)) { bridge in
            try await bridge.load()
            try await bridge.hint(4)
            try await bridge.work()
            let lead = try bridge.lead("slow@example.com", company: "社")
            #expect(lead == 4)
            try await bridge.sql("UPDATE jobs.job SET run_at = now(), state = 'ready' WHERE unique_key = 'lead:4'")
            try await bridge.work()
            #expect(try await bridge.contact(of: lead, "email") == "slow@example.com")
            #expect(try await bridge.count("SELECT count(*) FROM sync.lost_leads") == 0)
        }
    }
}
