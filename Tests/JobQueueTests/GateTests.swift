import Foundation
import JobQueue
import Postgres
import Testing

@Suite(.timeLimit(.minutes(20))) struct GateTests {
    @Test(arguments: ["vendor", "tenant", "kind:note"])
    func `jobs behind a shut gate are left untouched, and go on when it opens`(gate: String) async throws {
        try await QueueBench.with { bench in
            let acme = try #require(try await bench.pool.first(TenantEnsure(name: "acme")))
            let seen = Journal<String>()
            try await bench.pool.transaction { tx in try await tx.shutGate(gate, tenant: acme, for: nil, reason: "test") }
            try await bench.enqueue((1...50).map { Note("held \($0)") }, tenant: acme)
            try await bench.enqueue([Note("free")])
            let touched = "SELECT string_agg(DISTINCT concat(xmin, attempt, state), ',') FROM jobs.job WHERE tenant_id = \(acme)"
            let before = try await bench.pool.ask(touched)
            let handler = Does(Note.self) { job, _ in
                seen.note(job.payload.text)
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in
                await seen.wait(count: 1)
                try await bench.enqueue([Note("free too")])
                await seen.wait(count: 2)
                #expect(try await bench.pool.ask(touched) == before)
                #expect(try await bench.pool.query(GatesShut(tenant: acme)).map(\.name) == [gate])
                let wasShut = try await bench.pool.transaction { tx in try await tx.openGate(gate, tenant: acme) }
                #expect(wasShut)
                await seen.wait(count: 52)
            }
            #expect(Set(seen.entries.prefix(2)) == ["free", "free too"])
        }
    }

    @Test func `a postponement behind the kind's own gate shuts it for the others too, and opening it early lets all through`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue((1...20).map { Note("\($0)") })
            let seen = Journal<Int>()
            let isSpent = Journal<Bool>()
            let handler = Does(Note.self) { job, _ in
                seen.note(job.attempt)
                return isSpent.entries.isEmpty ? .postpone(for: .seconds(3_600), gate: "vendor", reason: "quota spent") : .done()
            }
            var settings = QueueBench.settings
            settings.concurrency = 2
            try await bench.processing(.of(handler), settings: settings) { _ in
                await seen.wait(count: 1)
                try await bench.until("SELECT count(*) FROM jobs.job WHERE state = 'running'", is: "0")
                let before = seen.entries.count
                #expect(before <= 4)
                #expect(try await bench.pool.ask("SELECT reason FROM jobs.gate") == "quota spent")
                isSpent.note(true)
                _ = try await bench.pool.ask("SELECT jobs.open_gate(0, 'vendor')")
                try await bench.until("SELECT count(*) FROM jobs.history", is: "20")
            }
            #expect(seen.entries.allSatisfy { $0 == 1 })
        }
    }

    @Test func `a gate that is shut for longer is not shortened, and an operator's pause outlasts a vendor's`() async throws {
        try await QueueBench.with { bench in
            _ = try await bench.pool.ask("SELECT jobs.pause('')")
            try await bench.pool.transaction { tx in
                try await tx.shutGate("tenant", tenant: 0, until: Date(timeIntervalSinceNow: 60), reason: "other")
            }
            #expect(try await bench.pool.ask("SELECT concat(shut_until, ' ', reason) FROM jobs.gate") == "infinity paused by an operator")
            #expect(try await bench.pool.query(GatesShut(tenant: 0)).first?.until == nil)
            #expect(try await bench.pool.ask("SELECT jobs.resume('')") == "resumed all jobs of tenant \"\"")
            #expect(try await bench.pool.query(GatesShut(tenant: 0)).isEmpty)
        }
    }
}
