import Foundation
import Runtime
import Store

/// How the tenants and the workers stand, for programs and for people.
struct StatusFacts: Sendable {
    let tenants: [TenantStatus]
    let workers: [WorkerStatus]

    /// The document that CONTRACT 3 describes.
    var json: JSONFact {
        .object([("tenants", .list(self.tenants.map(Self.tenant))), ("workers", .list(self.workers.map(Self.worker)))])
    }

    private static func tenant(_ tenant: TenantStatus) -> JSONFact {
        let load = tenant.fullLoad
        let jobs = tenant.jobs
        let quota = tenant.quota
        return .object([
            ("name", .text(tenant.name)), ("state", .text(tenant.state.rawValue)), ("paused_until", JSONFact(tenant.pausedUntil)),
            (
                "full_load",
                .object([
                    ("state", .text(load.state)), ("blocks_done", JSONFact(load.blocksDone)), ("blocks_total", JSONFact(load.blocksTotal)),
                    ("leads_seen", JSONFact(load.leadsSeen)), ("eta_seconds", JSONFact(load.etaSeconds)),
                ])
            ),
            (
                "last_sweep",
                tenant.lastSweep.map {
                    .object([
                        ("started_at", JSONFact($0.startedAt)), ("finished_at", JSONFact($0.finishedAt)),
                        ("leads_changed", JSONFact($0.leadsChanged)),
                    ])
                } ?? .null
            ),
            (
                "jobs",
                .object([
                    ("ready", JSONFact(jobs.ready)), ("scheduled", JSONFact(jobs.scheduled)), ("running", JSONFact(jobs.running)),
                    ("retrying", JSONFact(jobs.retrying)), ("dead", JSONFact(jobs.dead)),
                ])
            ),
            (
                "quota",
                .object([
                    ("limit", JSONFact(quota.limit)), ("used_by_us", JSONFact(quota.usedByUs)), ("used_by_others", JSONFact(quota.usedByOthers)),
                    ("remaining", JSONFact(quota.remaining)), ("resets_at", JSONFact(quota.resetsAt)),
                ])
            ),
            ("quarantined", JSONFact(tenant.quarantined)), ("settled", .bool(tenant.isSettled)),
        ])
    }

    private static func worker(_ worker: WorkerStatus) -> JSONFact {
        .object([
            ("id", .text(worker.id.uuidString.lowercased())), ("host", .text(worker.host)), ("pid", JSONFact(worker.pid)),
            ("running", JSONFact(worker.running)), ("seen_at", JSONFact(worker.seenAt)),
        ])
    }

    /// Tables for people, `columns` wide.
    func lines(terminal: Terminal, now: Date) -> [String] {
        guard !self.tenants.isEmpty else { return ["No tenant is set up yet; see 'kakehashi tenant add --help'."] }
        var tenants = Table([
            ("TENANT", .left), ("STATE", .left), ("FULL LOAD", .left), ("LEADS", .right), ("LAST SYNC", .left), ("READY", .right),
            ("RUNNING", .right),
            ("RETRYING", .right), ("DEAD", .right), ("QUARANTINED", .right), ("CALLS LEFT", .right), ("SETTLED", .left),
        ])
        for tenant in self.tenants {
            let until = tenant.pausedUntil.map { " until \(Timestamp.text($0))" } ?? ""
            tenants.add([
                tenant.name, tenant.state.rawValue + until, Self.load(tenant.fullLoad), Amount.count(tenant.fullLoad.leadsSeen),
                Self.sweep(tenant.lastSweep, now: now), Amount.count(tenant.jobs.ready + tenant.jobs.scheduled), Amount.count(tenant.jobs.running),
                Amount.count(tenant.jobs.retrying), Amount.count(tenant.jobs.dead), Amount.count(tenant.quarantined),
                "\(Amount.count(tenant.quota.remaining))/\(Amount.count(tenant.quota.limit))", tenant.isSettled ? "yes" : "no",
            ])
        }
        var workers = Table([("WORKER", .left), ("HOST", .left), ("PID", .right), ("RUNNING", .right), ("SEEN", .left)])
        for worker in self.workers {
            workers.add([
                String(worker.id.uuidString.lowercased().prefix(8)), worker.host, "\(worker.pid)", Amount.count(worker.running),
                Self.ago(worker.seenAt, now: now),
            ])
        }
        let tail = self.workers.isEmpty ? ["No worker is running; start one with 'worker'."] : Self.headed(workers, terminal)
        return Self.headed(tenants, terminal) + [""] + tail
    }

    private static func headed(_ table: Table, _ terminal: Terminal) -> [String] {
        var lines = table.lines(columns: terminal.width)
        if let heading = lines.first { lines[0] = terminal.paint(heading, .bold) }
        return lines
    }

    private static func load(_ load: TenantStatus.FullLoad) -> String {
        guard load.state == "running" || load.state == "paused" else { return load.state.replacing("_", with: " ") }
        let left = load.etaSeconds.map { ", \(Amount.time(seconds: $0)) left" } ?? ""
        return "\(load.state) \(Amount.count(load.blocksDone))/\(Amount.count(load.blocksTotal))\(left)"
    }

    private static func sweep(_ sweep: TenantStatus.Sweep?, now: Date) -> String {
        guard let sweep else { return "never" }
        guard let finished = sweep.finishedAt else { return "running" }
        return "\(self.ago(finished, now: now)), \(Amount.count(sweep.leadsChanged)) changed"
    }

    private static func ago(_ moment: Date, now: Date) -> String {
        "\(Amount.time(seconds: Int(now.timeIntervalSince(moment).rounded()))) ago"
    }
}
