import Postgres
import TestKit
import Testing

@testable import Store

@Suite struct StatementTests {
    @Test func `the server parses every statement of tenants, calls and status`() async throws {
        try await withPool { pool in
            try await expectServerParses(
                [
                    TenantByName.self, TenantByID.self, TenantList.self, TenantLock.self, TenantNumber.self, SubscriptionNumber.self,
                    TenantInsert.self, TenantCredentialsUpdate.self, TenantSettingsUpdate.self, TenantStart.self, TenantPause.self,
                    TenantResume.self, TenantRemovalBegin.self, TenantRemovalBite.self, TenantRemovalEnd.self, TenantIsBeingRemoved.self,
                    WriteAsSync.self,
                    CallAdmit.self, CallFinish.self, UsageNote.self, PauseLift.self, CredentialsProof.self, LedgerByAccount.self, CallPrune.self,
                    PriorCall.self,
                    TenantStatusQuery.self, FindGauges.self, QueueDepthQuery.self,
                    WorkerStatusQuery.self, ListJobs.self, FindJob.self, WhyJob.self, RetryJob.self, CancelJob.self, BuryJob.self, RetryDeadJobs.self,
                ], pool)
        }
    }
}
