import Foundation
import Postgres
import Sync
import Testing

@testable import Store

/// Nothing that waits for Marketo is left without a job that sees to it.
///
/// Each was found by chaos.
@Suite struct PushTakeTests {
    private static let worker = UUID()

    /// A contact with a lead whose phase waits, and a job that runs to send it.
    private static func stand(_ body: (DealStage, Int64) async throws -> Void) async throws {
        try await DealStage.stand { stage in
            try await stage.run(
                """
                INSERT INTO sync.lead_links (tenant_id, lead_id, contact_id, is_primary, state, rule, observed_at, snapshot)
                VALUES ($t, 9, 1, true, 'active', 'email', now(), 1);
                """)
            try await stage.attach(1, to: 1, action: 1)
            try await stage.project()
            try await stage.run(
                """
                UPDATE jobs.job SET state = 'running', worker_id = '\(Self.worker)', lease_no = 1, lease_until = now() + interval '1 minute'
                WHERE kind = 'push-phase'
                """)
            try await body(stage, Int64(try await stage.store.number("SELECT id FROM jobs.job WHERE kind = 'push-phase'")))
        }
    }

    /// What a job takes, and which contacts are left for it to come back to.
    private static func take(_ stage: DealStage, _ job: Int64, by worker: UUID = Self.worker) async throws -> (taken: Int, left: [ContactID]) {
        let contact = ContactID(rawValue: 1)
        return try await stage.store.pool.transaction { tx in
            try await tx.execute(HoldTurn(tenant: stage.tenant, to: .pushes))
            try await tx.execute(RestPushes(tenant: stage.tenant, contacts: [contact]))
            let rows = try await tx.query(TakePushes(tenant: stage.tenant, job: job, worker: worker, contacts: [contact], most: 300))
            let left = try await tx.query(FindLeftContacts(tenant: stage.tenant, job: job, kind: "push-phase", contacts: [contact]))
            return (rows.count, left.map(\.contact))
        }
    }

    @Test func `a job takes what waits, and has nothing to come back to`() async throws {
        try await Self.stand { stage, job in
            let (taken, left) = try await Self.take(stage, job)
            #expect(taken == 1 && left.isEmpty)
        }
    }

    @Test func `what is held the moment its job runs keeps the job`() async throws {
        try await Self.stand { stage, job in
            try await stage.run("SELECT ops.pause('acme', 'push-phase')")
            let (taken, left) = try await Self.take(stage, job)
            #expect(taken == 0 && left.count == 1)
        }
    }

    @Test func `a worker that lost the job takes nothing in its name`() async throws {
        try await Self.stand { stage, job in
            let (taken, left) = try await Self.take(stage, job, by: UUID())
            #expect(taken == 0 && left.count == 1)
        }
    }

    @Test(arguments: ["waiting", "sending"])
    func `what comes back from a call after its lead was deleted rests, and keeps no job`(state: String) async throws {
        try await Self.stand { stage, job in
            // The news that the link is gone came while it was in the call.
            try await stage.run(
                """
                UPDATE sync.lead_links SET state = 'lead_deleted';
                UPDATE sync.pushes SET state = '\(state)', holder_job = NULL, holder_lease = NULL;
                """)
            let (taken, left) = try await Self.take(stage, job)
            #expect(taken == 0 && left.isEmpty)
            #expect(try await stage.store.text("SELECT state || ' ' || reason FROM sync.pushes WHERE field = 'phase'") == "parked lead_deleted")
            try await stage.run("UPDATE sync.lead_links SET state = 'active'")
            try await stage.project()
            #expect(try await stage.store.text("SELECT state FROM sync.pushes WHERE field = 'phase'") == "waiting")
        }
    }

    @Test func `what is sent once more for certainty's sake is not pulled forward by what is new, nor lost to it`() async throws {
        try await Self.stand { stage, job in
            try await stage.run(
                "UPDATE sync.pushes SET state = 'acked', acked_seq = seq, acked_value = desired, confirm_at = now() + interval '90 seconds'")
            let (taken, left) = try await Self.take(stage, job)
            #expect(taken == 0 && left.count == 1)
            try await stage.run("UPDATE sync.pushes SET confirm_at = now() - interval '1 second'")
            #expect(try await Self.take(stage, job).taken == 1)
            // Of a lead that is gone there is nothing to be certain of.
            try await stage.run(
                """
                UPDATE sync.pushes SET state = 'acked', confirm_at = now() - interval '1 second', holder_job = NULL, holder_lease = NULL;
                UPDATE sync.lead_links SET state = 'lead_deleted'
                """)
            let (none, nobody) = try await Self.take(stage, job)
            #expect(none == 0 && nobody.isEmpty)
        }
    }
}
