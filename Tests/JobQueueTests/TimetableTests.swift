import Foundation
import Logging
import Postgres
import TestKit
import Testing

@testable import JobQueue

@Suite(.timeLimit(.minutes(20))) struct TimetableTests {
    static var logger: Logger {
        var logger = Logger(label: "test.timetable")
        logger.logLevel = .critical
        return logger
    }

    static func everyMinute(_ name: String, _ rang: Journal<Date>, catchUp: TimetableEntry.CatchUp = .latest) throws -> TimetableEntry {
        TimetableEntry(name: name, crontab: try Crontab("* * * * *"), catchUp: catchUp) { tx, tick in
            try await tx.enqueue(Note("tick"), tenant: 0)
            rang.note(tick)
        }
    }

    @Test func `two timetables, and both sure to lead, ring each tick once`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(script: "INSERT INTO jobs.tick (schedule, tick, ran) VALUES ('m', now() - interval '10 minutes', false)")
            let rang = Journal<Date>()
            let entry = try Self.everyMinute("m", rang, catchUp: .all(atMost: 5))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...8 {
                    let timetable = Timetable(pool: bench.pool, logger: Self.logger) { [entry] }
                    group.addTask { _ = try await timetable.round() }
                }
                try await group.waitForAll()
            }
            // A minute may end in the middle of this test: six at the most, and never one twice.
            let count = try #require(Int(try await bench.pool.ask("SELECT count(*) FROM jobs.tick WHERE ran") ?? ""))
            #expect((5...6).contains(count))
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job") == "\(count)")
        }
    }

    @Test func `a new schedule rings nothing for the time before it was first seen`() async throws {
        try await QueueBench.with { bench in
            let rang = Journal<Date>()
            let yearly = TimetableEntry(name: "y", crontab: try Crontab("0 0 1 1 *")) { _, tick in rang.note(tick) }
            let timetable = Timetable(pool: bench.pool, logger: Self.logger) { [yearly] }
            _ = try await timetable.round()
            _ = try await timetable.round()
            #expect(rang.entries.isEmpty)
        }
    }

    @Test func `of missed ticks only the latest is rung, unless told otherwise`() throws {
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        let last = now.addingTimeInterval(-3_600)
        func due(_ catchUp: TimetableEntry.CatchUp) throws -> [TimeInterval] {
            TimetableEntry(name: "t", crontab: try Crontab("*/15 * * * *"), catchUp: catchUp) { _, _ in }
                .due(after: last, now: now).map { $0.timeIntervalSince1970 }
        }
        #expect(try due(.latest) == [1_699_999_200])
        #expect(try due(.all(atMost: 3)) == [1_699_997_400, 1_699_998_300, 1_699_999_200])
        #expect(try due(.within(.seconds(60))) == [])
    }

    @Test func `a tick whose work fails is not written down, and holds up no other entry`() async throws {
        struct No: Error {}
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script:
                    "INSERT INTO jobs.tick (schedule, tick, ran) SELECT s, now() - interval '5 minutes', false FROM unnest(ARRAY['bad','good']) AS s")
            let rang = Journal<Date>()
            let bad = TimetableEntry(name: "bad", crontab: try Crontab("* * * * *")) { tx, _ in
                try await tx.enqueue(Note("never"), tenant: 0)
                throw No()
            }
            let good = try Self.everyMinute("good", rang)
            _ = try await Timetable(pool: bench.pool, logger: Self.logger) { [bad, good] }.round()
            #expect(rang.entries.count == 1)
            #expect(try await bench.pool.ask("SELECT string_agg(schedule, ',') FROM jobs.tick WHERE ran") == "good")
            #expect(try await bench.pool.ask("SELECT string_agg(payload->>'text', ',') FROM jobs.job") == "tick")
        }
    }

    @Test func `one leads; another only when the first resigns or its time is over, under a higher term`() async throws {
        try await QueueBench.with { bench in
            let one = Leadership(pool: bench.pool, name: "n")
            let two = Leadership(pool: bench.pool, name: "n")
            #expect(try await one.hold())
            #expect(try await !two.hold())
            #expect(try await one.hold())
            #expect(try await bench.pool.ask("SELECT term FROM jobs.leader") == "1")
            await one.resign()
            #expect(try await two.hold())
            #expect(try await !one.hold())
            try await bench.pool.run(script: "UPDATE jobs.leader SET expires_at = now() - interval '1 s'")
            #expect(try await one.hold())
            #expect(try await bench.pool.ask("SELECT term FROM jobs.leader") == "3")
            #expect(try await !two.hold())
            #expect(!two.leads && one.leads)
        }
    }
}
