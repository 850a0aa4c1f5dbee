import Simulator
import Testing

/// What sales does reaches Marketo: through the real tables, with plain SQL, by workers alone.
@Suite struct PushTests {
    /// A bridge with as many linked contacts as wanted, one action of the deal 1 with all of them, and the phases 商談, 提案 and 受注.
    private static func stand(_ leads: Int, settings: [String: String] = [:], _ body: (Bridgehead, [Int64]) async throws -> Void) async throws {
        try await Bridgehead.stand(settings: ["coalesce-seconds": "1"].merging(settings) { _, given in given }) { bridge in
            let ids = try (0..<leads).map { try bridge.lead("p\($0)@example.com", last: "山田", first: "太郎") }
            try await bridge.load()
            try await bridge.sql(
                """
                INSERT INTO crm.phases (tenant_id, id, name) VALUES ($tenant, 1, '商談'), ($tenant, 2, '提案'), ($tenant, 3, '受注');
                INSERT INTO crm.deals (tenant_id, id, name, phase_id) VALUES ($tenant, 1, 'A', 1), ($tenant, 2, 'B', 1);
                INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) VALUES ($tenant, 1, 1, '面談', '予定');
                INSERT INTO crm.action_contacts (action_id, contact_id) SELECT 1, id FROM crm.contacts;
                """)
            try await bridge.work()
            try await body(bridge, ids)
        }
    }

    private static func calls(_ bridge: Bridgehead) -> Int { bridge.marketo.evidence.callsByPath["POST /rest/v1/leads.json"] ?? 0 }

    @Test func `R20, R22, R32: an action contact's lead shows the deal's phase`() async throws {
        try await Self.stand(1) { bridge, leads in
            #expect(bridge.marketo.lead(leads[0])?.mazricaPhase == "商談")
            let state = try await bridge.value("SELECT state FROM ops.pushes WHERE field = 'mazrica_phase'")
            #expect(state == "acked")
        }
    }

    @Test func `R21: 650 action contacts of a deal whose phase changes cost three calls`() async throws {
        try await Self.stand(650) { bridge, leads in
            let before = Self.calls(bridge)
            try await bridge.sql("UPDATE crm.deals SET phase_id = 2 WHERE id = 1")
            try await bridge.work()
            #expect(Self.calls(bridge) - before == 3)
            #expect(leads.allSatisfy { bridge.marketo.lead($0)?.mazricaPhase == "提案" })
        }
    }

    @Test(arguments: [false, true])
    func `R4, R30, R52, R56: 面談, メール, 電話 within seconds are one record with 電話, also if the first call fails`(fails: Bool) async throws {
        try await Self.stand(1) { bridge, leads in
            let before = Self.calls(bridge)
            if fails {
                var fault = FaultRule(.lostAnswer, path: "/rest/v1/leads.json", method: "POST")
                fault.times = 1
                bridge.marketo.add(fault)
            }
            for (action, kind) in [(2, "面談"), (3, "メール"), (4, "電話")] {
                try await bridge.sql(
                    """
                    INSERT INTO crm.actions (tenant_id, id, kind, status) VALUES ($tenant, \(action), '\(kind)', '完了');
                    INSERT INTO crm.action_contacts (action_id, contact_id) SELECT \(action), id FROM crm.contacts;
                    """)
            }
            try await bridge.work()
            #expect(Self.calls(bridge) - before == (fails ? 2 : 1))
            #expect(bridge.marketo.lead(leads[0])?.leadStatus == "電話")
        }
    }

    @Test func `R72: a deleted deal sends null, and the field reads back as absent`() async throws {
        try await Self.stand(1) { bridge, leads in
            try await bridge.sql("DELETE FROM crm.deals WHERE id = 1")
            try await bridge.work()
            #expect(bridge.marketo.lead(leads[0])?.mazricaPhase == nil)
            #expect(try await bridge.value("SELECT state || coalesce(desired, '-') FROM ops.pushes WHERE field = 'mazrica_phase'") == "acked-")
        }
    }

    @Test func `4.3: of 300 with two unknown ids and one bad value 297 are confirmed, the two looked up, the one listed, and no second call`()
        async throws
    {
        try await Self.stand(300) { bridge, leads in
            bridge.marketo.delete([leads[7], leads[8]])
            // 300 with the two; the bad one is told by its place.
            var fault = FaultRule(.record, path: "/rest/v1/leads.json", method: "POST")
            fault.code = "1003"
            fault.nth = 100
            bridge.marketo.add(fault)
            let before = Self.calls(bridge)
            try await bridge.sql("UPDATE crm.deals SET phase_id = 2 WHERE id = 1")
            try await bridge.work()
            #expect(Self.calls(bridge) - before == 1)
            let states =
                "SELECT string_agg(state || n, ' ' ORDER BY state) FROM (SELECT state, count(*) AS n FROM ops.pushes GROUP BY state) AS by_state"
            #expect(try await bridge.value(states) == "acked297 parked2 refused1")
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'lead_deleted'") == 2)
            // Another value is tried again; what is gone stays so.
            try await bridge.sql("UPDATE crm.deals SET phase_id = 3 WHERE id = 1")
            try await bridge.work()
            #expect(try await bridge.value(states) == "acked298 parked2")
        }
    }

    @Test func `R60, section 8: a user's edits are sent, only those; what the sync wrote and what was edited back is not`() async throws {
        try await Self.stand(1) { bridge, leads in
            let before = Self.calls(bridge)
            try await bridge.sql(
                "UPDATE crm.contacts SET name = '鈴木　一郎 二世', mobile_phone = '090-1', title = NULL, department = '営業部', email = 'neu@example.com'")
            try await bridge.work()
            let lead = try #require(bridge.marketo.lead(leads[0]))
            #expect(lead.lastName == "鈴木" && lead.firstName == "一郎 二世")
            #expect(lead.mobilePhone == "090-1" && lead.department == "営業部" && lead.email == "neu@example.com")
            #expect(Self.calls(bridge) - before == 1)
            try await bridge.sql("UPDATE crm.contacts SET name = '佐藤'")
            try await bridge.work()
            #expect(bridge.marketo.lead(leads[0])?.lastName == "佐藤")
            #expect(bridge.marketo.lead(leads[0])?.firstName == nil)
            try await bridge.sweep()
            #expect(Self.calls(bridge) - before == 2)
        }
    }

    @Test func `D14: an address that another lead has is not sent, and the other fields are`() async throws {
        try await Self.stand(2) { bridge, leads in
            let contact = try #require(try await bridge.contact(of: leads[0], "id"))
            try await bridge.sql("UPDATE crm.contacts SET email = 'P1@example.com', title = '部長' WHERE id = \(contact)")
            try await bridge.work()
            #expect(bridge.marketo.lead(leads[0])?.email == "p0@example.com")
            #expect(bridge.marketo.lead(leads[0])?.title == "部長")
            #expect(try await bridge.value("SELECT state || ' ' || reason FROM ops.pushes WHERE field = 'email'") == "refused email_conflict")
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'email_conflict'") == 1)
        }
    }

    @Test
    func `R66, R67: without the field phases rest with one note, the status goes on; once it is made the next event is sent, older ones are not`()
        async throws
    {
        try await Self.stand(2) { bridge, leads in
            bridge.marketo.hide(field: "mazrica_phase")
            try await bridge.sql(
                """
                UPDATE crm.actions SET status = '完了'; UPDATE crm.deals SET phase_id = 2 WHERE id = 1;
                """)
            try await bridge.work()
            #expect(bridge.marketo.lead(leads[0])?.leadStatus == "面談")
            #expect(try await bridge.count("SELECT count(*) FROM ops.pushes WHERE state = 'parked' AND reason = 'field_missing'") == 2)
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'field_missing'") == 1)
            bridge.marketo.show(field: "mazrica_phase")
            try await bridge.sweep()
            #expect(try await bridge.count("SELECT count(*) FROM ops.pushes WHERE state = 'parked'") == 2)
            let contact = try #require(try await bridge.contact(of: leads[0], "id"))
            try await bridge.sql(
                """
                INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) VALUES ($tenant, 2, 2, '電話', '予定');
                INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (2, \(contact));
                """)
            try await bridge.work()
            #expect(bridge.marketo.lead(leads[0])?.mazricaPhase == "商談")
            #expect(try await bridge.count("SELECT count(*) FROM ops.pushes WHERE state = 'parked'") == 1)
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'field_missing'") == 0)
        }
    }

    @Test(arguments: ["read-only", "number"])
    func `R36, R66: a field that can't be written rests with a note; one of another type gets a warning, and what does not fit is refused`(
        kind: String
    )
        async throws
    {
        try await Bridgehead.stand(settings: ["coalesce-seconds": "1", "phase-field": "deal_phase"]) { bridge in
            bridge.marketo.add(
                LeadField(
                    id: 2_001, name: "deal_phase", displayName: "Phase", type: kind == "number" ? .integer : .text, isReadOnly: kind == "read-only",
                    isCustom: true))
            _ = try bridge.lead("p@example.com")
            try await bridge.load()
            try await bridge.sweep()
            try await bridge.sql(
                """
                INSERT INTO crm.phases (tenant_id, id, name) VALUES ($tenant, 1, '商談');
                INSERT INTO crm.deals (tenant_id, id, name, phase_id) VALUES ($tenant, 1, 'A', 1);
                INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) VALUES ($tenant, 1, 1, '面談', '予定');
                INSERT INTO crm.action_contacts (action_id, contact_id) SELECT 1, id FROM crm.contacts;
                """)
            try await bridge.work()
            let state = try await bridge.value("SELECT state || ' ' || (reason ~ '^field_read_only|value-invalid') FROM ops.pushes")
            #expect(state == (kind == "number" ? "refused true" : "parked true"))
            let notes = try await bridge.value("SELECT string_agg(kind || ': ' || text, ' ') FROM ops.notes WHERE kind LIKE 'field%'") ?? ""
            let expected =
                kind == "number"
                ? "field_wrong_type: Marketo's field deal_phase is of the type integer, where text is expected"
                : "field_missing: Marketo's field deal_phase can't be written"
            #expect(notes.hasPrefix(expected), "\(notes)")
        }
    }

    @Test func `4.2: a call that takes too long is halved down to the slow record, and the others go through`() async throws {
        try await Self.stand(20) { bridge, leads in
            var fault = FaultRule(.code, path: "/rest/v1/leads.json", method: "POST")
            fault.code = "604"
            fault.times = 2
            bridge.marketo.add(fault)
            try await bridge.sql("UPDATE crm.deals SET phase_id = 2 WHERE id = 1")
            try await bridge.work()
            #expect(leads.allSatisfy { bridge.marketo.lead($0)?.mazricaPhase == "提案" })
            #expect(try await bridge.count("SELECT count(*) FROM sync.pushes WHERE batch_limit IS NOT NULL OR holder_job IS NOT NULL") == 0)
        }
    }

    @Test func `push-phase held by an operator rests, the status goes on, and all goes when it is let go`() async throws {
        try await Self.stand(1) { bridge, leads in
            _ = try await bridge.value("ops.pause('acme', 'push-phase')")
            try await bridge.sql("UPDATE crm.actions SET status = '完了'; UPDATE crm.deals SET phase_id = 2 WHERE id = 1")
            try await bridge.work(until: "SELECT EXISTS (SELECT FROM sync.pushes WHERE field = 'status' AND state = 'acked')")
            #expect(bridge.marketo.lead(leads[0])?.leadStatus == "面談")
            #expect(bridge.marketo.lead(leads[0])?.mazricaPhase == "商談")
            _ = try await bridge.value("ops.resume('acme', 'push-phase')")
            try await bridge.work()
            #expect(bridge.marketo.lead(leads[0])?.mazricaPhase == "提案")
        }
    }

    @Test func `4.3: of a merged lead what waits goes to the winner`() async throws {
        try await Self.stand(2) { bridge, leads in
            let winner = leads[1]
            try bridge.marketo.merge([leads[0]], into: winner)
            try await bridge.sql("UPDATE crm.deals SET phase_id = 2 WHERE id = 1")
            try await bridge.work()
            try await bridge.sweep()
            try await bridge.sql("UPDATE crm.deals SET phase_id = 3 WHERE id = 1")
            try await bridge.work()
            #expect(bridge.marketo.lead(winner)?.mazricaPhase == "受注")
            #expect(try await bridge.count("SELECT count(*) FROM ops.pushes WHERE state IN ('waiting', 'sending')") == 0)
        }
    }

    @Test func `what was sent without an answer and has changed since is sent once more when the old value can't arrive any more`() async throws {
        try await Self.stand(1) { bridge, leads in
            // A worker fell in the middle of a call with an older value.
            try await bridge.sql("UPDATE sync.pushes SET sent_value = '古い', sent_seq = seq + 1, sent_at = clock_timestamp(), state = 'waiting'")
            try await bridge.sql("UPDATE crm.deals SET phase_id = 2 WHERE id = 1")
            try await bridge.work(until: "SELECT EXISTS (SELECT FROM sync.pushes WHERE state = 'acked' AND acked_value = '提案')")
            #expect(try await bridge.count("SELECT count(*) FROM jobs.job WHERE kind = 'push-phase' AND run_at > now() + interval '60 seconds'") == 1)
            // The old value arrives late, and the time for that is over.
            try bridge.marketo.update([leads[0]], ["mazrica_phase": .string("古い")])
            try await bridge.sql(
                """
                UPDATE sync.pushes SET confirm_at = clock_timestamp() - interval '1 second';
                UPDATE jobs.job SET run_at = now(), state = 'ready' WHERE kind = 'push-phase';
                """)
            try await bridge.work()
            #expect(bridge.marketo.lead(leads[0])?.mazricaPhase == "提案")
            #expect(try await bridge.count("SELECT count(*) FROM sync.pushes WHERE confirm_at IS NOT NULL") == 0)
        }
    }

    @Test func `R21: phases that change faster than two workers can send them end at the last one`() async throws {
        try await Self.stand(40) { bridge, leads in
            var fault = FaultRule(.delay, path: "/rest/v1/leads.json", method: "POST")
            fault.seconds = 0.3
            bridge.marketo.add(fault)
            async let other: Void = bridge.work(until: "SELECT EXISTS (SELECT FROM crm.deals WHERE name = 'done')")
            for round in 0..<6 {
                try await bridge.sql("UPDATE crm.deals SET phase_id = \(1 + round % 2) WHERE id = 1")
                try await bridge.work(until: "SELECT NOT EXISTS (SELECT FROM jobs.job WHERE kind = 'note-changes')")
            }
            try await bridge.sql("UPDATE crm.deals SET phase_id = 3 WHERE id = 1")
            try await bridge.work()
            try await bridge.sql("UPDATE crm.deals SET name = 'done' WHERE id = 2")
            try await other
            #expect(leads.allSatisfy { bridge.marketo.lead($0)?.mazricaPhase == "受注" })
            #expect(bridge.marketo.evidence.mostAtOnce <= 10)
        }
    }

    @Test func `an import has the database look at its tables before it is gone through, or statements would take minutes`() async throws {
        try await Self.stand(1) { bridge, leads in
            try await bridge.sql(
                """
                ALTER TABLE sync.contact_events SET (autovacuum_enabled = off);
                INSERT INTO crm.deals (tenant_id, id, name, phase_id) SELECT $tenant, n, 'D' || n, 1 FROM generate_series(10, 4009) AS n;
                UPDATE crm.deals SET phase_id = 2 WHERE phase_id = 1;
                """)
            try await bridge.work()
            #expect(bridge.marketo.lead(leads[0])?.mazricaPhase == "提案")
            #expect(try await bridge.count("SELECT reltuples::bigint FROM pg_class WHERE oid = 'sync.contact_events'::regclass") >= 4_000)
        }
    }
}
