import Foundation
import JobQueue
import Runtime

/// All targets of docs/performance.md, one after the other.
struct AllBench: Sendable {
    let database: BenchDatabase
    let scripts: String
    let rounds: Int
    /// How many jobs a draining has.
    let jobs: Int
    /// How many leads the full load without limits has; zero: none.
    let leads: Int
    /// How many that with Marketo's.
    let limitedLeads: Int
    /// Zero: none.
    let soakMinutes: Int
    /// Hears what is measured now.
    let told: @Sendable (String) -> Void

    private var measures: QueueMeasures { QueueMeasures(database: self.database, scripts: self.scripts, rounds: self.rounds) }

    /// The rows of the table, in its order.
    func run() async throws -> [Target] {
        var rows: [Target] = []
        rows += try await self.drains()
        rows += try await self.enqueues()
        rows += try await self.waits()
        rows += try await self.sizes()
        rows += try await self.idle()
        if self.soakMinutes > 0 { rows += try await self.soak() }
        // Last, as its jobs are no benchmark's own.
        if self.leads > 0 { rows += try await self.load(.off, leads: self.leads) }
        if self.limitedLeads > 0 { rows += try await self.load(.marketo, leads: self.limitedLeads) }
        return rows
    }

    private func drains() async throws -> [Target] {
        var rows: [Target] = []
        func add(_ name: String, _ bench: DrainBench, _ aim: Double) async throws -> QueueMeasures.Figures {
            self.told(name)
            let figures = try await self.measures.drain(bench)
            rows.append(
                Target(name: name, figure: Self.rate(figures.rate), reference: Self.rate(figures.reference), value: figures.ratio, aim: .atLeast(aim))
            )
            return figures
        }
        let single = try await add("drain, single handlers, 1 process", DrainBench(jobs: self.jobs), 1.2)
        _ = try await add("drain, single handlers, 2 processes", DrainBench(jobs: self.jobs, processes: 2), 1.1)
        _ = try await add("drain, batch handlers", DrainBench(jobs: self.jobs, mode: .batch), 1.5)
        let jobs = Double(single.jobs)
        func cost(_ name: String, _ value: Double, _ unit: String, _ most: Double) {
            rows.append(Target(name: name, figure: "\(Target.text(value)) \(unit)", reference: "", value: value, aim: .atMost(most)))
        }
        cost("client CPU per drained job", single.cost.client * 1_000_000 / jobs, "µs", 6)
        cost("server CPU per drained job", (single.cost.server ?? .nan) * 1_000_000 / jobs, "µs", 22)
        cost("WAL per drained job", Double(single.cost.wal) / jobs / 1_000, "kB", 1.6)
        return rows
    }

    private func enqueues() async throws -> [Target] {
        var rows: [Target] = []
        for (name, bench, aim) in [
            ("bulk enqueue, with keys", EnqueueBench(jobs: self.jobs, mode: .bulk), 0.6),
            ("bulk enqueue, without keys", EnqueueBench(jobs: self.jobs, mode: .bulk, keyed: false), 0.6),
            ("single enqueue", EnqueueBench(jobs: max(1, self.jobs / 20), mode: .single), 0.85),
        ] {
            self.told(name)
            let figures = try await self.measures.enqueue(bench)
            rows.append(
                Target(name: name, figure: Self.rate(figures.rate), reference: Self.rate(figures.reference), value: figures.ratio, aim: .atLeast(aim))
            )
        }
        return rows
    }

    private func waits() async throws -> [Target] {
        self.told("wake-up")
        let told = try await self.measures.latency(LatencyBench())
        self.told("wake-up by polling")
        let polled = try await self.measures.latency(LatencyBench(jobs: 60, interval: .milliseconds(700), polls: true))
        func row(_ name: String, _ value: Double, _ most: Double) -> Target {
            Target(name: name, figure: "\(Target.text(value)) ms", reference: "", value: value, aim: .atMost(most))
        }
        return [
            row("wake-up, p50", told.share(0.5), 1), row("wake-up, p99", told.share(0.99), 3),
            row("wake-up by polling, p50", polled.share(0.5), JobProcessorSettings().poll / .milliseconds(1) / 2),
        ]
    }

    /// Each beside the same with nothing else there, in turn.
    private func sizes() async throws -> [Target] {
        let other = DrainBench(jobs: self.jobs / 2)
        var rows: [Target] = []
        for (name, bench, aim) in [
            ("1,000,000 waiting behind", DrainBench(jobs: self.jobs / 2, backlog: 1_000_000), 0.95),
            ("1,000,000 behind a shut gate", DrainBench(jobs: self.jobs / 2, parked: 1_000_000), 0.95),
            ("1,000,000 in the history", DrainBench(jobs: self.jobs / 2, history: 1_000_000), 0.95),
            ("100 tenants", DrainBench(jobs: self.jobs / 2, tenants: 100), 0.95),
            ("10,000 tenants", DrainBench(jobs: self.jobs / 2, tenants: 10_000), 0.95),
            ("a transaction held all the while, 500,000 jobs", DrainBench(jobs: 500_000, holdsTransaction: true), 0.5),
        ] {
            self.told(name)
            var plain: [Double] = []
            var seen: [Double] = []
            for _ in 0..<self.rounds {
                var usual = other
                usual.jobs = bench.jobs
                plain.append(Double(usual.jobs) / (try await usual.run(self.database)).seconds)
                seen.append(Double(bench.jobs) / (try await bench.run(self.database)).seconds)
            }
            rows.append(
                Target(
                    name: name, figure: Self.rate(seen.median), reference: Self.rate(plain.median), value: seen.median / plain.median,
                    aim: .atLeast(aim)))
        }
        return rows
    }

    private func idle() async throws -> [Target] {
        self.told("an idle worker")
        let idle = try await IdleBench().run(self.database)
        return [
            Target(
                name: "idle worker, statements", figure: "\(Target.text(idle.statementsPerSecond)) /s", reference: "",
                value: idle.statementsPerSecond, aim: .atMost(1)),
            Target(
                name: "idle worker, of a core", figure: "\(Target.text(idle.share * 100)) %", reference: "", value: idle.share * 100,
                aim: .atMost(0.3)),
            Target(
                name: "idle worker, memory", figure: "\(Target.text(Double(idle.memory) / 1_000_000)) MB", reference: "",
                value: Double(idle.memory) / 1_000_000, aim: .atMost(40)),
        ]
    }

    private func soak() async throws -> [Target] {
        self.told("soak, \(self.soakMinutes) minutes")
        let minutes = try await SoakBench(minutes: self.soakMinutes).run(self.database) { minute, seen in
            self.told(
                "soak, minute \(minute): queue \(seen.queueBytes / 1_000) kB, memory \(seen.memory / 1_000_000) MB, p99 \(Target.text(seen.p99)) ms")
        }
        // The first five fill caches and find their sizes.
        let settled = Array(minutes.dropFirst(min(5, minutes.count / 3)))
        let half = settled.count / 2
        func growth(_ value: (SoakBench.Minute) -> Double) -> Double {
            settled.suffix(settled.count - half).map(value).median / settled.prefix(max(1, half)).map(value).median
        }
        func row(_ name: String, _ value: (SoakBench.Minute) -> Double, _ unit: String) -> Target {
            Target(
                name: "soak, \(name): second half", figure: "\(Target.text(settled.suffix(settled.count - half).map(value).median)) \(unit)",
                reference: "\(Target.text(settled.prefix(max(1, half)).map(value).median)) \(unit)", value: growth(value), aim: .atMost(1.1))
        }
        return [
            row("queue on disk", { Double($0.queueBytes) / 1_000 }, "kB"), row("memory", { Double($0.memory) / 1_000_000 }, "MB"),
            row("p99 wake-up", \.p99, "ms"),
        ]
    }

    private func load(_ limits: SyncBench.Limits, leads: Int) async throws -> [Target] {
        self.told("full load, limits \(limits.rawValue)")
        let result = try await SyncBench(leads: leads, limits: limits, processes: 2, environment: self.database.environment).run()
        let rate = result.rate
        guard limits == .marketo else {
            return [
                Target(
                    name: "full load, limits off, \(leads) leads", figure: "\(Target.text(rate)) leads/s", reference: "", value: rate,
                    aim: .atLeast(10_000))
            ]
        }
        return [
            Target(
                name: "full load, Marketo's limits, \(leads) leads", figure: "\(Target.text(rate)) leads/s",
                reference: "\(Target.text(SyncBench.mostLeadsPerSecond)) leads/s", value: rate / SyncBench.mostLeadsPerSecond, aim: .atLeast(0.97))
        ]
    }

    private static func rate(_ perSecond: Double) -> String { "\(Target.text(perSecond)) /s" }
}
