import Postgres
import TestKit
import Testing

@testable import Store

@Suite struct InboundStatementTests {
    @Test func `the server parses every statement of the inbound sync`() async throws {
        let statements: [any PostgresStatement.Type] = [
            AdvanceRun.self, BeginCursors.self, BeginReread.self, FindDueBlocks.self, FindOpenGaps.self, NoteSeenActivities.self,
            OpenFeedGap.self, PruneSeenActivities.self, CountLeadJobs.self, FindKnownAbove.self, FindStandings.self, ForgetApplied.self,
            CancelRun.self, CloseRun.self, CountChanges.self, DemoteLinks.self, FindAccountsByDomain.self,
            FindAccountsByKey.self, FindAccountsByName.self, FateOfJob.self, FindContacts.self, FindForgottenWaits.self,
            FindFrontier.self, FindLostBlocks.self, FindRun.self, FindStaleLeads.self, FindTerms.self, FindUnreadLeads.self, FindWaitingLeads.self,
            GiveUpBlocks.self, WelcomeLeadsBack.self,
            HealQuarantine.self, HoldTurn.self, KeepPlan.self, LinkWaitingContacts.self, ListInQuarantine.self, MakeAccounts.self,
            MakeContacts.self, TakeAccountsTurn.self,
            MarkBlockScanned.self, MarkLeadsDeleted.self, MergeLeads.self, MirrorLeads.self, MoveCursor.self, MoveFrontier.self, NoteAbsentLeads.self,
            NoteFields.self, NoteIllegible.self, PruneRecord.self, PruneRuns.self, ReadCursor.self, ReadMirror.self,
            RecordHeldBack.self, RefreshStatistics.self, RunningRuns.self,
            StartRun.self, TakeBlocks.self,
            TakeContactIDs.self, TenantFields.self, UpdateContacts.self, WantBlocks.self, WriteAccountWaits.self, WriteLinks.self,
            WriteNotes.self, WriteRecord.self, DealExists.self, FindActivityLeads.self, FindActivityReads.self, KeepActivityReads.self,
            PruneActivityReads.self,
        ]
        try await withPool { pool in try await expectServerParses(statements, pool) }
    }
}
