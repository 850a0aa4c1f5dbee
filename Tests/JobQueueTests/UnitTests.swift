import Foundation
import Postgres
import TestKit
import Testing

@testable import JobQueue

/// The state of a unit between those who start it, stop it and take it back.
@Suite struct UnitTests {
    private static func unit() throws -> JobUnit {
        let handler = AnyJobHandler(Does(Note.self) { _, _ in .done() }, limit: nil, tenantLimit: nil)
        return JobUnit([], handler: handler, leaseFrom: .now)
    }

    @Test func `a unit is started or taken back, never both`() throws {
        let begun = try Self.unit()
        #expect(begun.begins(deadline: .now))
        #expect(!begun.withdraws())
        let withdrawn = try Self.unit()
        #expect(withdrawn.withdraws())
        #expect(!withdrawn.withdraws())
        #expect(!withdrawn.begins(deadline: .now))
    }

    @Test func `of many starters and one who takes back, exactly one has each unit`() async throws {
        let units = try (0..<2_000).map { _ in try Self.unit() }
        let line = UnitLine(units)
        let begun = Journal<Int>()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { while let unit = line.next() { if unit.begins(deadline: .now) { begun.note(1) } } } }
            group.addTask { for unit in units.reversed() { if unit.withdraws() { begun.note(0) } } }
        }
        #expect(begun.entries.count == units.count)
    }

    @Test func `whoever is told to stop before its Task is known is cancelled as it becomes known`() async throws {
        let unit = try Self.unit()
        _ = unit.begins(deadline: .now)
        unit.stop { _ in .timeout }
        let task = Task { while !Task.isCancelled { await Task.yield() } }
        unit.started(task)
        await task.value
        #expect(unit.current.stop == .timeout)
    }

    @Test func `a reservation is room that nobody else is offered`() throws {
        let handler = AnyJobHandler(Does(Note.self) { _, _ in .done() }, limit: 3, tenantLimit: nil)
        let table = UnitTable(concurrency: 10, handlers: [handler])
        #expect(table.offers().map(\.room) == [3])
        table.reserve(2)
        #expect(table.room == 8)
        #expect(table.offers().map(\.room) == [1])
        table.reserve(8)
        #expect(table.room == 0)
        table.release(2, for: [JobUnit([], handler: handler, leaseFrom: .now)])
        table.release(8, for: [])
        #expect(table.room == 9)
        #expect(table.offers().map(\.room) == [2])
    }
}
