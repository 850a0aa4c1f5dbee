import Postgres
import TestKit
import Testing

@testable import Store

@Suite struct OutboundStatementTests {
    @Test func `the server parses every statement of the outbound sync`() async throws {
        let statements: [any PostgresStatement.Type] = [
            CloseWindows.self, FindStory.self, FindSubject.self, NameDemoTenant.self, SalesAudit.self, CompleteStory.self, DropFieldNotes.self,
            FindConcerned.self,
            FindLastActivities.self, FindLeadless.self,
            FindPhaseStories.self,
            FindPushStates.self, FindCreations.self, LinkLeads.self, NoteCreation.self, EndCreation.self, TakeCreationTurn.self,
            FindLeftContacts.self, ParkPushes.self,
            RestPushes.self, SettlePushes.self, SwitchFieldOff.self, TakePushes.self,
            PushAgain.self, WantPushes.self,
            WriteDesired.self, WriteEdits.self,
        ]
        try await withPool { pool in try await expectServerParses(statements, pool) }
    }
}
