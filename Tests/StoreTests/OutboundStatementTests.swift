import Postgres
import TestKit
import Testing

@testable import Store

@Suite struct OutboundStatementTests {
    @Test func `the server parses every statement of the outbound sync`() async throws {
        let statements: [any PostgresStatement.Type] = [
            CompleteStory.self, FindConcerned.self, FindLastActivities.self, FindLeadless.self, FindPhaseStories.self, FindPushStates.self,
            PushAgain.self, WantPushes.self,
            WriteDesired.self, WriteEdits.self,
        ]
        try await withPool { pool in try await expectServerParses(statements, pool) }
    }
}
