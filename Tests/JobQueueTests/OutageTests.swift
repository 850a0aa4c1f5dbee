import Foundation
import JobQueue
import Postgres
import TestKit
import Testing

@Suite(.timeLimit(.minutes(20))) struct OutageTests {
    @Test func `promise 9: ended connections in the middle of it all lose nothing and double nothing`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(script: "CREATE TABLE fact (id bigint PRIMARY KEY)")
            try await bench.enqueue((1...400).map { Note("\($0)", key: "\($0)") })
            let seen = Journal<String>()
            let handler = Does(Note.self) { job, _ in
                seen.note(job.payload.text)
                return .done { tx in try await tx.run(script: "INSERT INTO fact VALUES (\(job.id))") }
            }
            try await bench.processing(.of(handler)) { _ in
                for count in [20, 100, 200] {
                    await seen.wait(count: count)
                    try await bench.database.cluster.asSuperuser(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = '\(bench.database.name)' AND application_name <> '\(bench.database.name)'
                        """)
                }
                try await bench.until("SELECT count(*) FROM jobs.job", is: "0")
            }
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history WHERE state = 'done'") == "400")
            #expect(try await bench.pool.ask("SELECT count(*) FROM fact") == "400")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.dead") == "0")
        }
    }

    @Test func `promise 9: a server that is killed and started again ends no process, loses nothing, and counts no crash`() async throws {
        let cluster = try await PrivateCluster.own(settings: ["fsync = on", "synchronous_commit = on", "full_page_writes = on"])
        do {
            try await QueueBench.with(on: cluster) { bench in
                try await bench.pool.run(script: "CREATE TABLE fact (id bigint PRIMARY KEY)")
                try await bench.enqueue((1...200).map { Note("\($0)", key: "\($0)") })
                let seen = Journal<String>()
                let handler = Does(Note.self) { job, _ in
                    seen.note(job.payload.text)
                    return .done { tx in try await tx.run(script: "INSERT INTO fact VALUES (\(job.id))") }
                }
                try await bench.processing(.of(handler)) { processor in
                    await seen.wait(count: 60)
                    try await cluster.stop(.immediate)
                    try await cluster.start()
                    await seen.wait { Set($0).count == 200 }
                    while await (try? bench.pool.ask("SELECT count(*) FROM jobs.job")) != "0" { try Task.checkCancellation() }
                }
                #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history WHERE state = 'done'") == "200")
                #expect(try await bench.pool.ask("SELECT count(*) FROM fact") == "200")
                #expect(try await bench.pool.ask("SELECT coalesce(sum(crashes), 0) FROM jobs.history") == "0")
            }
        } catch {
            try? await cluster.remove()
            throw error
        }
        try await cluster.remove()
    }
}
