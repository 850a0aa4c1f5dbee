import Migrations
import Postgres
import TestKit
import Testing

@testable import JobQueue

@Suite(.timeLimit(.minutes(20))) struct StatementTests {
    static let all: [any PostgresStatement.Type] = [
        DatabaseClock.self, DepthCount.self, GateOpen.self, GateShut.self, GatesPrune.self, GatesShut.self, HistoryDayMake.self, HistoryDrop.self,
        HistoryPrune.self,
        JobAlone.self, JobClaim.self, JobOrder.self, JobSuspectClaim.self, JobsAbsolve.self, JobsCount.self, JobsDone.self, JobsEnd.self,
        JobsExpired.self,
        JobsFate.self, JobsFence.self, JobsForgotten.self, JobsHeartbeat.self, JobsInsert.self, JobsNotify.self, JobsNumber.self, JobsVacuum.self,
        JobsPending.self,
        JobsPromote.self,
        KindsRegister.self, LeaderHold.self, LeaderResign.self, MinutesCount.self, TenantEnsure.self, TickInsert.self, TickLast.self, TicksPrune.self,
        TraceSet.self,
        WorkerDeparture.self, WorkersAlive.self, WorkersPrune.self,
    ]

    @Test func `the server parses every statement of the queue`() async throws {
        try await withPool { pool in try await expectServerParses(Self.all, pool) }
    }

    @Test func `migrating twice changes nothing the second time`() async throws {
        try await withPool(migrated: false) { pool in
            let first = try await Migrations.migrator(pool: pool).migrate()
            #expect(!first.isEmpty)
            let second = try await Migrations.migrator(pool: pool).migrate()
            #expect(second.isEmpty)
        }
    }
}
