import Foundation
import JobQueue
import Postgres
import Testing

@Suite(.timeLimit(.minutes(20))) struct GateTests {
    @Test(arguments: ["vendor", "tenant", "kind:note"])
    func `promise 8: jobs behind a shut gate are left untouched, and go on when it opens`(gate: String) async throws {
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

    @Test func `what waits behind a gate that a job has shut for a moment starts as it opens, however seldom the queue is polled`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue((1...4).map { Note("\($0)") })
            let ended = Journal<String>()
            let handler = Does(Note.self) { job, _ in
                // Each is refused once, as by a window that is full.
                if ended.entries.filter({ $0 == job.payload.text }).isEmpty {
                    ended.note(job.payload.text)
                    return .postpone(for: .milliseconds(300), gate: "vendor", reason: "the window is full")
                }
                ended.note("done")
                return .done()
            }
            var settings = QueueBench.settings
            settings.poll = .seconds(3_600)
            settings.notifications = false
            try await bench.processing(.of(handler), settings: settings) { _ in await ended.wait(count: 8) }
            #expect(ended.entries.filter { $0 == "done" }.count == 4)
        }
    }

    @Test func `a job that puts itself off behind its own gate holds back those of its kind that are as urgent, and no others`() async throws {
        try await QueueBench.with { bench in
            _ = try await bench.pool.transaction { tx in try await tx.enqueue((1...20).map { Note("slow \($0)") }, tenant: 0, priority: 7) }
            _ = try await bench.pool.transaction { tx in try await tx.enqueue((1...20).map { Note("quick \($0)") }, tenant: 0, priority: 4) }
            let done = Journal<String>()
            let handler = Does(Note.self) { job, _ in
                if job.payload.text.hasPrefix("slow") { return .postpone(for: .seconds(3_600), gate: Verdict.ownGate, reason: "no calls left") }
                done.note(job.payload.text)
                return .done()
            }
            var settings = QueueBench.settings
            settings.concurrency = 2
            try await bench.processing(.of(handler), settings: settings) { _ in
                await done.wait(count: 20)
                try await bench.until("SELECT name FROM jobs.gate", is: "kind:note@7")
                try await bench.until("SELECT count(*) FROM jobs.job WHERE state = 'running'", is: "0")
                let untouched = "SELECT count(*) FROM jobs.job WHERE state = 'ready' AND attempt = 0"
                #expect(try await bench.pool.ask(untouched) == "20")
                // Most were never taken.
                #expect(try await bench.pool.ask("SELECT count(*) >= 10 FROM jobs.job WHERE lease_no = 0") == "true")
            }
        }
    }

    @Test func `promise 8: a suspect behind a shut gate costs others nothing`() async throws {
        try await QueueBench.with { bench in
            let acme = try #require(try await bench.pool.first(TenantEnsure(name: "acme")))
            try await bench.enqueue([Note("fell")], tenant: acme)
            _ = try await bench.pool.ask("WITH fell AS (UPDATE jobs.job SET state = 'suspect', crashes = 1 RETURNING id) SELECT count(*) FROM fell")
            try await bench.pool.transaction { tx in try await tx.shutGate("vendor", tenant: acme, for: nil, reason: "test") }
            let seen = Journal<String>()
            let together = Journal<Bool>()
            let handler = Does(Note.self) { job, _ in
                seen.note(job.payload.text)
                // Both of a pair run at once: nobody clears the process for a suspect that may not run.
                if job.payload.text != "fell" { await seen.wait(count: (seen.entries.count + 1) / 2 * 2) }
                together.note(true)
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in
                for pair in 1...10 {
                    try await bench.enqueue([Note("\(pair)a"), Note("\(pair)b")])
                    await together.wait(count: pair * 2)
                }
                #expect(!seen.entries.contains("fell"))
                _ = try await bench.pool.transaction { tx in try await tx.openGate("vendor", tenant: acme) }
                await together.wait(count: 21)
            }
            #expect(seen.entries.last == "fell")
        }
    }
}
