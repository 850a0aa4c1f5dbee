import ArgumentParser
import Foundation
import Jobs
import Postgres
import Runtime
import Sync
import TestKit
import Testing

@testable import Kakehashi
@testable import Store

/// Every name that others rely on is there and is what it is said to be: the command line, `crm`, `ops`, `jobs.enqueue`, the ports.
///
/// What the names do is shown where they are at home; this walks the list, so that none gets lost.
@Suite(.timeLimit(.minutes(10))) struct ContractTests {
    @Test func `the command line has every command, argument and flag`() throws {
        for line in [
            "migrate --dry-run",
            "tenant add a --endpoint u --client-id i --client-secret-file f --account-match domain --phone-field phone --daily-limit 5",
            "tenant add a --endpoint u --client-id i --client-secret-file - --account-match name-and-phone --phone-field mainPhone --sweep-minute 5 --no-start",
            "tenant start a", "tenant list --json", "tenant pause a", "tenant resume a", "tenant remove a", "tenant set a sweep-days=7 push-edits=on",
            "tenant test a --json", "sync a --full --dry-run --json", "sync a --lead 1 --lead 2 --wait --timeout 5", "sync a --tail 26",
            "sync a --sweep",
            "status --json", "status a --watch", "jobs list --tenant a --kind k --state dead --limit 5 --json", "jobs show 1 --json",
            "jobs retry 1 2",
            "jobs retry --all-dead --kind k --tenant a", "jobs cancel 1 2", "jobs bury 1 2", "explain a --lead 1 --lang ja --json",
            "explain a --contact 1",
            "explain a --email x@example.com", "activities a --contact 1 --contact 2 --json", "activities a --deal 1", "reconcile a --repair --json",
            "flow show --json", "flow show a", "flow resume a", "demo --leads 10",
        ] {
            #expect(throws: Never.self, "\(line)") { _ = try KakehashiCommand.parseAsRoot(line.split(separator: " ").map(String.init)) }
        }
    }

    /// What is chosen, whether or not somebody said so.
    private static func choices(_ settings: TenantSettings) -> [String] {
        Mirror(reflecting: settings).children.filter { $0.label != "overrides" }.map { "\($0.label ?? "") \($0.value)" }
    }

    @Test func `every setting of a tenant is known, with its default first`() throws {
        let defaults = [
            "account-match": "domain", "phone-field": "phone", "free-mail-guard": "on", "free-mail-domains": "", "own-domains": "",
            "match-before-create": "off", "legal-form": "distinct", "phone-country": "off", "deleted-contact": "tombstone",
            "leads-without-email": "register", "deleted-deal": "keep", "phase-contacts": "action", "push-existing": "off", "push-edits": "on",
            "phase-field": "mazrica_phase", "status-field": "", "daily-limit": "50000", "quota-zone": "America/Chicago", "calls-per-20s": "50",
            "concurrent-calls": "5", "sweep-minute": "", "sweep-days": "7", "time-zone": "Asia/Tokyo", "coalesce-seconds": "30",
        ]
        for (key, value) in defaults {
            var settings = TenantSettings()
            try settings.set(key, value)
            #expect(Self.choices(settings) == Self.choices(TenantSettings()), "\(key)")
        }
    }

    /// What a view or table has to have, whatever else it has.
    private static let columns = [
        "ops.jobs":
            "id tenant kind state priority attempt max_attempts run_at created_at last_error payload claimed_by lease_until",
        "ops.stuck_jobs":
            "id tenant kind state priority attempt max_attempts run_at created_at last_error payload claimed_by lease_until reason suggestion",
        "ops.queue_depth": "tenant kind ready scheduled running retrying dead oldest_ready_seconds",
        "ops.throughput": "tenant kind minute finished failed p50_ms p95_ms",
        "ops.sync_progress":
            "tenant state paused_until full_load_state blocks_done blocks_total leads_seen eta_seconds leads_changed ready scheduled running retrying dead "
            + "quarantined settled",
        "ops.quota":
            "tenant vendor limit_per_day used_by_us used_by_others remaining resets_at paused_until calls_last_20_s running_now",
        "ops.quarantine": "tenant lead_id reason value since",
        "ops.pushes": "tenant contact_id lead_id field desired sent state reason since",
        "ops.notes": "tenant kind contact_id lead_id text since",
        "ops.workers": "id host pid version running seen_at",
        "ops.horizon": "what pid since transactions_behind suggestion",
        "ops.storage": "schema name bytes live_rows dead_rows partition_of",
        "sync.tenants": "id name",
        "crm.accounts": "id tenant_id name phone created_at updated_at deleted_at",
        "crm.contacts":
            "id tenant_id account_id name email phone mobile_phone department title lead_id lead_score acquisition_date created_at updated_at deleted_at",
        "crm.phases": "id tenant_id name position",
        "crm.deals": "id tenant_id account_id name phase_id created_at updated_at",
        "crm.actions": "id tenant_id deal_id account_id contact_id kind status starts_at ends_at",
        "crm.action_contacts": "action_id contact_id created_at",
    ]

    @Test func `every view and table has its columns, every function its arguments`() async throws {
        try await withDatabase { database in
            try await database.pool.run(script: Asked.function)
            for (relation, columns) in Self.columns {
                let list = columns.split(separator: " ").joined(separator: ", ")
                await #expect(throws: Never.self, "\(relation)") { try await database.pool.run(script: "SELECT \(list) FROM \(relation) LIMIT 0") }
            }
            for (function, arguments) in [
                ("ops.retry_job", "id bigint"), ("ops.retry_dead", "tenant text DEFAULT NULL::text, kind text DEFAULT NULL::text"),
                ("ops.cancel_job", "id bigint"), ("ops.bury_job", "id bigint, reason text"),
                ("ops.pause", "tenant text, kind text DEFAULT NULL::text"),
                ("ops.resume", "tenant text, kind text DEFAULT NULL::text"), ("ops.sync_now", "tenant text"),
                ("ops.resync_lead", "tenant text, lead_id bigint"), ("crm.merge_deals", "source bigint, target bigint, carry_actions boolean"),
                (
                    "jobs.enqueue",
                    "kind text, payload jsonb, tenant text, run_at timestamp with time zone DEFAULT now(), unique_key text DEFAULT NULL::text"
                ),
            ] {
                let found = try await database.pool.first(Asked(question: "SELECT pg_get_function_arguments('\(function)'::regproc)"))
                #expect(found == arguments, "\(function)")
            }
            #expect(try await database.pool.first(Asked(question: "SELECT pg_get_function_result('jobs.enqueue'::regproc)")) == "bigint")
        }
    }

    @Test func `the kinds of job that others rely on are called so`() {
        #expect(
            [FetchLeadPage.kind, UpsertContact.kind, ResolveAccount.kind, PushPhase.kind, PushLeadStatus.kind, CreateLead.kind] == [
                "fetch-lead-page", "upsert-contact", "resolve-account", "push-phase", "push-lead-status", "create-lead",
            ])
    }

    @Test(arguments: [("worker", "9101"), ("scheduler", "9102")])
    func `the processes tell their port for health, their drain time, and what else they take`(program: String, port: String) async throws {
        let help = try await Program.run(["--help"], program: program)
        #expect(help.code == 0 && help.output.contains("--health-port") && help.output.contains(port), "\(help.output)")
        #expect(help.output.contains("--drain-seconds") && help.output.contains("25"), "\(help.output)")
        if program == "worker" { #expect(help.output.contains("--lease-seconds") && help.output.contains("--concurrency"), "\(help.output)") }
    }
}

/// A question of a test's own, answered as text.
private struct Asked: PostgresStatement {
    static let function = """
        CREATE FUNCTION public.asked(question text) RETURNS text LANGUAGE plpgsql AS $$
        DECLARE
            answer text;
        BEGIN
            EXECUTE 'SELECT (' || question || ')::text' INTO answer;
            RETURN answer;
        END
        $$
        """
    static let sql = "SELECT public.asked($1)"
    let question: String
    var binds: [PostgresBind] { [.text(self.question)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String? { try row.decode(0) }
}
