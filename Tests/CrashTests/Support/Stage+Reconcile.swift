import Fleet
import Foundation
import Postgres
import Simulator
import StageKit
import Testing

/// Running `kakehashi reconcile`, and making what it should find.
extension Stage {
    /// How a run of `reconcile` ended, and what it said.
    struct Comparison {
        let ending: ChildEnding?
        let said: String
        /// The document that it printed.
        let document: [String: Any]

        /// The leads of each list that is not empty.
        var found: [String: [Int64]] {
            ["missing", "stale", "extra"].reduce(into: [:]) { lists, name in
                let leads = (self.document[name] as? [NSNumber] ?? [-1]).map(\.int64Value)
                if !leads.isEmpty { lists[name] = leads }
            }
        }
    }

    func reconcile(_ arguments: String...) async throws -> Comparison {
        let run = try await self.run("kakehashi", ["reconcile", Self.tenant, "--json"] + arguments)
        let line = run.said.split(separator: "\n").first { $0.hasPrefix("{") }
        let document = try line.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:] } ?? [:]
        return Comparison(ending: run.ending, said: run.said, document: document)
    }

    /// All that anybody could have written, in one text.
    func everything() async throws -> String {
        let tables = [
            "crm.contacts", "crm.accounts", "sync.tenants", "sync.lead_links", "sync.lead_mirror", "sync.quarantine", "sync.lost_leads", "sync.notes",
            "sync.audit", "sync.cursors", "sync.frontiers", "sync.lead_blocks", "sync.runs", "jobs.job", "jobs.history", "jobs.dead",
        ]
        var texts: [String] = []
        for table in tables {
            texts.append(
                try await self.value(
                    "SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (SELECT one::text AS line FROM \(table) AS one) AS lines") ?? "")
        }
        return texts.joined(separator: " ") + " \(self.marketo.leads().count)"
    }

    /// Leads that share their contact with nobody, the lowest first.
    func leadsOfTheirOwn() async throws -> [Int64] {
        let text = try await self.value(
            """
            SELECT string_agg(lead_id::text, ',' ORDER BY lead_id) FROM (
                SELECT min(lead_id) AS lead_id FROM sync.lead_links GROUP BY contact_id HAVING count(*) = 1
            ) AS own
            """)
        return (text ?? "").split(separator: ",").compactMap { Int64($0) }
    }

    /// Loses the contact of a lead without a trace.
    func forget(_ lead: Int64) async throws {
        try await self.pool.run(
            script: """
                CREATE TEMP TABLE lost AS SELECT contact_id FROM sync.lead_links WHERE lead_id = \(lead);
                DELETE FROM sync.lead_links WHERE lead_id = \(lead);
                DELETE FROM crm.contacts WHERE id IN (SELECT contact_id FROM lost);
                DROP TABLE lost
                """)
    }

    /// Makes some of each kind by hand; the leads of each list.
    func makeDifferences() async throws -> [String: [Int64]] {
        let own = try await self.leadsOfTheirOwn()
        let listed = try #require(Int64(try await self.value("SELECT min(lead_id) FROM sync.quarantine") ?? ""))
        let beyond: Int64 = 1_000_000
        try await self.forget(own[0])
        try await self.pool.run(
            script: """
                DELETE FROM sync.quarantine WHERE lead_id = \(listed);
                SELECT crm.write_as_sync();
                UPDATE crm.contacts SET lead_score = coalesce(lead_score, 0) - 77 WHERE lead_id = \(own[1]);
                UPDATE crm.contacts SET acquisition_date = '1999-12-31Z' WHERE lead_id = \(own[2]);
                UPDATE sync.lead_links SET state = 'lead_deleted' WHERE lead_id = \(own[3]);
                INSERT INTO sync.quarantine (tenant_id, lead_id, reason, value, observed_at, snapshot)
                SELECT tenant_id, lead_id, 'email_invalid', 'x@@y', observed_at, snapshot FROM sync.lead_mirror WHERE lead_id = \(own[4]);
                DELETE FROM sync.lead_links WHERE lead_id = \(own[5]);
                INSERT INTO crm.contacts (tenant_id, name) SELECT id, '遠い人' FROM sync.tenants;
                INSERT INTO sync.lead_links (tenant_id, lead_id, contact_id, is_primary, rule, observed_at, snapshot)
                SELECT tenant_id, \(beyond), id, false, 'new', now(), 1 FROM crm.contacts WHERE name = '遠い人';
                UPDATE crm.contacts SET deleted_at = now() WHERE lead_id = \(own[7])
                """)
        self.marketo.delete([own[6]])
        // A change that no feed was asked for yet.
        try self.marketo.changeScore([own[8]], by: 3)
        return [
            "missing": [own[0], listed].sorted(), "stale": [own[1], own[2], own[3], own[4], own[8]].sorted(),
            "extra": [own[5], own[6], beyond].sorted(),
        ]
    }
}
