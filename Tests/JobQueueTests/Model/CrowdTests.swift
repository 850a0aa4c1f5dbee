import Foundation
import Postgres
import Synchronization
import TestKit
import Testing

@testable import JobQueue

/// What the model's histories do one after the other, done by many at once: the model can't follow that, but what must hold can be counted.
@Suite(.timeLimit(.minutes(10))) struct CrowdTests {
    @Test func `eight workers, rescuers and operators at once lose nothing, double nothing and end nothing twice`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(script: CrowdMember.tables)
            let pool = try bench.database.makePool {
                $0.poolSize = 10
                $0.sessionSettings.merge(JobProcessor.plannerSettings) { _, ours in ours }
            }
            let looks = try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...8 {
                    group.addTask {
                        var member = CrowdMember(pool: pool, name: number)
                        for _ in 0..<120 { try await member.act() }
                    }
                }
                // Somebody looks all the while.
                let isOver = Mutex(false)
                let watch = Task<Int, any Error> {
                    var looks = 0
                    while !isOver.withLock({ $0 }) {
                        let wrong = try await bench.pool.ask(CrowdMember.wrong)
                        #expect(wrong == "")
                        looks += 1
                    }
                    return looks
                }
                let worked: Result<Void, any Error>
                do { worked = .success(try await group.waitForAll()) } catch { worked = .failure(error) }
                isOver.withLock { $0 = true }
                let looks = try await watch.value
                try worked.get()
                return looks
            }
            #expect(looks > 3)
            #expect(try await pool.ask(CrowdMember.wrong) == "")
            // It was a crowd: things ended in every way, and stale workers spoke.
            #expect(try await pool.ask("SELECT count(*) > 20 FROM jobs.history WHERE state = 'done'") == "true")
            #expect(try await pool.ask("SELECT count(*) > 0 FROM jobs.history WHERE reason LIKE 'superseded%'") == "true")
            #expect(try await pool.ask("SELECT count(*) > 0 FROM jobs.dead") == "true")
            #expect(try await pool.ask("SELECT max(lease) > 2 FROM public.claimed") == "true")
            await pool.shutdown()
        }
    }
}
