import Fleet
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// What a process does when it is started in the wrong moment or in the wrong way.
    @Suite struct Start {
        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `worker and scheduler that start before their database wait for it, saying so, and then do the work`(seed: CrashSeed) async throws {
            let cluster = try await PrivateCluster.own()
            try await Stage.set(.thin(leads: 300, seed: seed), on: cluster) { stage in
                try await cluster.stop(.fast)
                let children = [try await stage.worker(1), try await stage.scheduler(1)]
                for child in children { try await child.says("Waiting for the database") }
                try await cluster.start()
                try await stage.settle()
                #expect(children.allRun)
                try await stage.expectTruth()
            }
            try await cluster.remove()
        }

        @Test(.timeLimit(.minutes(10)))
        func `an older schema is refused with the sentence that names kakehashi migrate`() async throws {
            try await withDatabase(migrated: false) { database in
                for program in ["worker", "scheduler"] {
                    try await Self.expectRefusal(program, [:], url: database.url, code: 1, "kakehashi migrate")
                }
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `an invalid flag or variable and a missing key or database end with 64 and one line that names it`() async throws {
            let url = "postgresql://k@127.0.0.1:1/x"
            try await Self.expectRefusal("worker", [:], ["--concurrency", "many"], url: url, code: 64, "--concurrency")
            try await Self.expectRefusal("worker", [:], ["--bogus"], url: url, code: 64, "--bogus")
            try await Self.expectRefusal("worker", ["KAKEHASHI_LEASE_SECONDS": "1"], url: url, code: 64, "KAKEHASHI_LEASE_SECONDS")
            try await Self.expectRefusal("worker", ["KAKEHASHI_MASTER_KEY": ""], url: url, code: 64, "KAKEHASHI_MASTER_KEY")
            try await Self.expectRefusal("worker", ["KAKEHASHI_MASTER_KEY": "c2hvcnQ="], url: url, code: 64, "KAKEHASHI_MASTER_KEY")
            try await Self.expectRefusal(
                "worker", ["KAKEHASHI_ALLOW_LOCAL_ENDPOINTS": "maybe"], url: url, code: 64, "KAKEHASHI_ALLOW_LOCAL_ENDPOINTS")
            try await Self.expectRefusal("worker", ["DATABASE_URL": ""], url: url, code: 64, "DATABASE_URL")
            try await Self.expectRefusal("scheduler", ["KAKEHASHI_DRAIN_SECONDS": "soon"], url: url, code: 64, "KAKEHASHI_DRAIN_SECONDS")
            try await Self.expectRefusal("scheduler", ["LOG_LEVEL": "loud"], url: url, code: 64, "LOG_LEVEL")
            try await Self.expectRefusal("scheduler", ["DATABASE_URL": "hunter2"], url: url, code: 64, "DATABASE_URL")
        }

        /// The program ends with `code` and says one line, which names `word`.
        private static func expectRefusal(
            _ program: String, _ changes: [String: String], _ arguments: [String] = [], url: String, code: Int32, _ word: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            try await ChildFamily.lend(environment: Stage.environment(url), programs: Stage.programs) { family in
                let child = try await family.start(program, as: program, arguments, environment: changes)
                let ending = await child.ended(within: .seconds(20))
                let said = child.log.text
                #expect(ending == .exited(code), "\(said)", sourceLocation: sourceLocation)
                #expect(said.contains(word) && said.hasPrefix("\(program): "), "\(said)", sourceLocation: sourceLocation)
                #expect(said.split(separator: "\n").count == 1, "\(said)", sourceLocation: sourceLocation)
            }
        }
    }
}
