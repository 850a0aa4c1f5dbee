import Postgres
import Simulator
import Store
import Sync
import Testing

/// Leads that become one in Marketo, and leads that are gone.
@Suite struct MergeTests {
    private static func merge(_ losers: [Int64], into winner: Int64, _ bridge: Bridgehead) async throws {
        try await bridge.pool.transaction { tx in
            try await tx.execute(HoldTurn(tenant: bridge.tenant.id))
            _ = try await tx.query(
                MergeLeads(
                    tenant: bridge.tenant.id, losers: losers.map(LeadID.init(rawValue:)), winners: losers.map { _ in LeadID(rawValue: winner) },
                    job: 0))
        }
    }

    private static func delete(_ lead: Int64, _ bridge: Bridgehead) async throws {
        try await bridge.pool.transaction { tx in
            try await tx.execute(HoldTurn(tenant: bridge.tenant.id))
            try await tx.execute(MarkLeadsDeleted(tenant: bridge.tenant.id, leads: [LeadID(rawValue: lead)], job: 0))
        }
    }

    @Test(arguments: [true, false])
    func `R63: merged outranks deleted, whichever news comes first`(deletedFirst: Bool) async throws {
        try await Bridgehead.stand { bridge in
            let winner = try bridge.lead("w@example.com", company: "社")
            let loser = try bridge.lead("l@example.com", company: "社")
            try await bridge.load()
            if deletedFirst { try await Self.delete(loser, bridge) }
            try await Self.merge([loser], into: winner, bridge)
            if !deletedFirst { try await Self.delete(loser, bridge) }
            #expect(try await bridge.value("SELECT state || winner_id FROM sync.lost_leads") == "merged\(winner)")
            #expect(try await bridge.value("SELECT state FROM sync.lead_links WHERE lead_id = \(loser)") == "merged")
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts WHERE lead_id = \(winner)") == 2)
        }
    }

    @Test(arguments: [true, false])
    func `R13: of a winner that is deleted no link is active, whether its end or the merge becomes known first`(deletedFirst: Bool) async throws {
        try await Bridgehead.stand { bridge in
            let winner = try bridge.lead("w@example.com", company: "社")
            let loser = try bridge.lead("l@example.com", company: "社")
            try await bridge.load()
            try bridge.marketo.merge([loser], into: winner)
            bridge.marketo.delete([winner])
            if deletedFirst { try await Self.delete(winner, bridge) }
            try await Self.merge([loser], into: winner, bridge)
            if !deletedFirst { try await Self.delete(winner, bridge) }
            // The winner is dirty now, and is not found.
            try await bridge.hint(winner)
            try await bridge.work()
            #expect(
                try await bridge.value("SELECT string_agg(state, ' ') FROM sync.lead_links WHERE lead_id = \(winner)") == "lead_deleted lead_deleted")
            #expect(try await bridge.value("SELECT state FROM sync.lead_links WHERE lead_id = \(loser)") == "merged")
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts WHERE lead_id = \(winner)") == 2)
        }
    }

    @Test(arguments: [[(3, 2), (2, 1)], [(2, 1), (3, 2)]] as [[(Int64, Int64)]])
    func `R63: a loser of a loser ends at the last winner, in whatever order the merges become known`(merges: [(Int64, Int64)]) async throws {
        try await Bridgehead.stand { bridge in
            for number in 1...3 { try bridge.lead("a\(number)@example.com", company: "社") }
            try await bridge.load()
            for (loser, winner) in merges { try await Self.merge([loser], into: winner, bridge) }
            #expect(try await bridge.value("SELECT string_agg(lead_id || '>' || winner_id, ' ' ORDER BY lead_id) FROM sync.lost_leads") == "2>1 3>1")
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts WHERE lead_id = 1") == 3)
            // And a merge that would close the circle changes nothing.
            try await Self.merge([1], into: 3, bridge)
            #expect(try await bridge.count("SELECT count(*) FROM sync.lost_leads") == 2)
        }
    }

    @Test func `chaos 2026: a winner that is held back for its address comes off the list with the loser's contact, which shows its score`()
        async throws
    {
        try await Bridgehead.stand { bridge in
            let winner = try bridge.lead("だれか", company: "社", score: 7)
            let loser = try bridge.lead("l@example.com", company: "社", score: 1)
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM sync.quarantine WHERE lead_id = \(winner)") == 1)
            try bridge.marketo.merge([loser], into: winner)
            try await Self.merge([loser], into: winner, bridge)
            // Nothing of the winner itself has changed since it was listed.
            try await bridge.hint(winner)
            try await bridge.work()
            #expect(try await bridge.count("SELECT count(*) FROM sync.quarantine") == 0)
            #expect(try await bridge.value("SELECT lead_id || ' ' || lead_score FROM crm.contacts") == "\(winner) 7")
        }
    }

    @Test func `D4: of the leads that a contact is left with after a merge it shows the lowest, whichever of them won`() async throws {
        try await Bridgehead.stand { bridge in
            let shared = try (0..<2).map { try bridge.lead("same@example.com", company: "社", score: Int($0) + 1) }
            let winner = try bridge.lead("w@example.com", company: "社", score: 9)
            try await bridge.load()
            #expect(try await bridge.value("SELECT lead_id || ' ' || lead_score FROM crm.contacts WHERE lead_id <> \(winner)") == "\(shared[0]) 1")
            try bridge.marketo.merge([shared[0]], into: winner)
            try await Self.merge([shared[0]], into: winner, bridge)
            try await bridge.hint(winner)
            try await bridge.hint(shared[1])
            try await bridge.work()
            try bridge.marketo.changeScore([winner], by: 1)
            try await bridge.hint(winner)
            try await bridge.work()
            #expect(
                try await bridge.value("SELECT string_agg(lead_id || ' ' || lead_score, ', ' ORDER BY id) FROM crm.contacts")
                    == "\(shared[1]) 2, \(winner) 10")
        }
    }

    @Test func `D4: two leads that share a contact are no possible duplicate when they are merged`() async throws {
        try await Bridgehead.stand { bridge in
            let winner = try bridge.lead("same@example.com", company: "社")
            let loser = try bridge.lead("same@example.com", company: "社")
            try await bridge.load()
            try await bridge.sql("DELETE FROM sync.notes")
            try await Self.merge([loser], into: winner, bridge)
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes") == 0)
            #expect(try await bridge.value("SELECT lead_id FROM crm.contacts") == "\(winner)")
        }
    }

    @Test func `D9: whom a user deleted does not come back as the winner of a merge; restored, the winner is synced`() async throws {
        try await Bridgehead.stand { bridge in
            let loser = try bridge.lead("l@example.com", company: "社", score: 1)
            try await bridge.load()
            try await bridge.sql("UPDATE crm.contacts SET deleted_at = now()")
            let winner = try bridge.lead("w@example.com", company: "社", score: 7)
            try bridge.marketo.merge([loser], into: winner)
            // The news of the merge comes first: a winner that is read before it is a new lead like any other.
            try await Self.merge([loser], into: winner, bridge)
            try await bridge.sweep()
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts") == 1)
            try await bridge.sql("UPDATE crm.contacts SET deleted_at = NULL")
            try await bridge.work()
            #expect(try await bridge.value("SELECT lead_id || '/' || lead_score FROM crm.contacts") == "\(winner)/7")
        }
    }

    @Test func `D9: a winner that had a contact before its merge was known keeps it, and a note names whom a user had deleted`() async throws {
        try await Bridgehead.stand { bridge in
            let loser = try bridge.lead("l@example.com", company: "社")
            try await bridge.load()
            try await bridge.sql("UPDATE crm.contacts SET deleted_at = now()")
            let winner = try bridge.lead("w@example.com", company: "社")
            try await bridge.sweep()
            try await Self.merge([loser], into: winner, bridge)
            let own = try await bridge.value("SELECT id FROM crm.contacts WHERE deleted_at IS NULL AND lead_id = \(winner)") ?? ""
            #expect(try await bridge.value("SELECT contact_id FROM ops.notes WHERE kind = 'possible_duplicate' AND lead_id = \(winner)") == own)
        }
    }

    @Test func `R62, D9: a lead whose contact was deleted by DELETE is held back, and the record says so once`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", company: "社", score: 1)
            try await bridge.load()
            try await bridge.sql("DELETE FROM crm.contacts")
            for _ in 1...2 {
                try bridge.marketo.changeScore([lead], by: 1)
                try await bridge.sweep()
            }
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts") == 0)
            #expect(try await bridge.value("SELECT state FROM sync.lead_links") == "contact_deleted")
            #expect(try await bridge.count("SELECT count(*) FROM sync.audit WHERE what = 'lead_held_back'") == 1)
            // Not even when the lead is deleted in Marketo, and then is there after all.
            try await Self.delete(lead, bridge)
            try await bridge.hint(lead)
            try await bridge.work()
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts") == 0)
        }
    }
}
