import Fleet
import Postgres
import Runtime
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// What a job costs a process in memory that it asks for: counted, not timed.
    @Suite struct Allocations {
        /// How often a process asks for memory that does so many jobs and leaves.
        private static func asked(for jobs: Int, kind mode: String, _ counting: AllocationCount) async throws -> Int {
            try await withDatabase { database in
                try await database.pool.run(
                    script: """
                        INSERT INTO jobs.job (kind, payload)
                        SELECT 'bench-no-op', jsonb_build_object('number', n) FROM generate_series(1, \(jobs)) AS n
                        """)
                let environment = Environment.current.with([VariableName.database: database.url, VariableName.logFormat: "text"])
                    .with(counting.environment)
                return try await ChildFamily.lend(environment: environment, programs: Stage.programs) { family in
                    let child = try await family.start("bench", as: "drainer", ["drainer", "--kind-mode", mode, "--concurrency", "1000"])
                    while try await database.pool.query(JobsThere()).first == true, child.isRunning { await Task.yield() }
                    let ending = await child.stop(grace: .seconds(60))
                    #expect(ending == .exited(0), "\(child.log.text)")
                    return try #require(counting.count)
                }
            }
        }

        // Seen: 62.9 and 39.8 to 41.0, in a debug build; a busy machine claims fewer at a time.
        @Test(
            .timeLimit(.minutes(10)), .enabled(if: PreloadedLibrary.compiler != nil, "there is no C compiler"),
            arguments: [("single", 90), ("batch", 65)])
        func `a job asks for memory so many times at the most, as this build has it`(mode: String, most: Int) async throws {
            let counting = try AllocationCount()
            defer { counting.remove() }
            let few = try await Self.asked(for: 2_000, kind: mode, counting)
            let many = try await Self.asked(for: 22_000, kind: mode, counting)
            let each = Double(many - few) / 20_000
            #expect(each > 1 && each <= Double(most), "\(each) a job: \(few) for 2,000 jobs, \(many) for 22,000")
        }
    }

    /// Whether any job is left.
    private struct JobsThere: PostgresStatement {
        static let sql = "SELECT EXISTS (SELECT FROM jobs.job)"
        static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
    }
}
