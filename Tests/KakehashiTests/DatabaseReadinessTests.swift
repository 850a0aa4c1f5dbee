import Logging
import Migrations
import Postgres
import Runtime
import Synchronization
import TestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct DatabaseReadinessTests {
    @Test func `waiting speaks at the first failure and then about twice a minute`() {
        var steps = WaitSteps()
        var spoken: [Duration] = []
        var passed = Duration.zero
        while passed < .seconds(100) {
            let (pause, speak) = steps.next(random: 1)
            if speak { spoken.append(passed) }
            passed += pause
        }
        #expect(spoken.first == .zero)
        #expect(spoken.count == 4)
    }

    @Test func `pauses grow to five seconds, are never shorter than half their step, and are not the same for all`() {
        var low = WaitSteps()
        var high = WaitSteps()
        let lows = (1...8).map { _ in low.next(random: 0).pause }
        let highs = (1...8).map { _ in high.next(random: 1).pause }
        #expect(highs.last == .seconds(5))
        #expect(zip(lows, highs).allSatisfy { $0 * 2 == $1 })
    }

    @Test func `an older schema is refused with a sentence that names kakehashi migrate`() async throws {
        try await withPool(migrated: false) { pool in
            let readiness = DatabaseReadiness(migrator: Migrations.migrator(pool: pool), logger: Logger(label: "test"))
            await #expect {
                try await readiness.wait()
            } throws: { error in
                let complaint = error as? Complaint
                return complaint?.ending == .failed && complaint?.sentence.contains("kakehashi migrate") == true
            }
        }
    }

    @Test func `a database that is not there yet is waited for`() async throws {
        let cluster = try await PrivateCluster.own()
        let name = try await cluster.makeDatabase()
        try await cluster.stop(.immediate)
        let pool = try TestDatabase.makePool(url: cluster.url(database: name))
        let pauses = Mutex(0)
        let readiness = DatabaseReadiness(migrator: Migrations.migrator(pool: pool), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        { _ in
            let number = pauses.withLock { count in
                count += 1
                return count
            }
            if number == 2 { try await cluster.start() }
        }
        let complaint = await #expect(throws: Complaint.self) { try await readiness.require() }
        #expect(complaint?.ending == .unreachable)
        try await readiness.wait()
        #expect(pauses.withLock { $0 } >= 2)
        await pool.shutdown()
        try await cluster.remove()
    }
}
