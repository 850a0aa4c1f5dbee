/// Which of several possible vendors this one is: what is not documented, or differs between instances.
///
/// Source: reference, rows marked `?`.
package struct Switches: Sendable, Codable, Equatable {
    /// Windows of 20 s begin at fixed moments instead of sliding.
    package var fixedWindow = false
    /// The day ends at midnight UTC−6 all year round instead of with daylight saving.
    package var fixedZone = false
    /// 606, 607 and 615 use up calls themselves (they carry no star in the vendor's table).
    package var refusedCallsCount = true
    /// Calls to `stats/` use up calls.
    package var statsCallsCount = true
    /// `stats/` still answers when the quota is spent.
    package var statsAnswerAfterQuota = true
    /// A new token's seconds.
    package var tokenSeconds: Double = 3_600
    /// A token in the query (`access_token=`) is taken, as it was before 2026-08-31.
    package var tokenInQuery = false
    /// Unset fields are left out instead of `null`.
    package var unsetFieldsMissing = false
    /// `moreResult` on pages of leads.
    package var leadPagesTellMore = false
    /// An unknown id on `lead/{id}.json` is 1004 instead of an empty result.
    package var unknownLeadIsError = false
    /// A change of a customer's own field moves `updatedAt` too.
    package var customFieldsMoveUpdatedAt = false
    /// A Change Data Value stands beside every Change Score.
    package var scoreChangesLogBoth = true
    /// Leads that lost a merge appear in `deletedleads.json`.
    package var mergeLosersAppearDeleted = false
    /// The shape of "Merge IDs".
    package var mergeIDs = MergeIDShape.text
    /// createOrUpdate never finds a lead that was created less than two simulated seconds ago: the vendor's look-up and insert are not one step.
    package var createsRace = false
    /// Continued tokens pass over late records dated before their last read.
    package var continuedTokensMissLate = true
    /// The share of live activities that are committed late, dated `lateSeconds` back.
    package var lateShare: Double = 0
    package var lateSeconds: Double = 3_600
    /// Activities without their integer `id`.
    package var activitiesWithoutID = false
    /// `listId` of a list with 10,000 leads or more is 1003 on activities (two documents, two dates in 2026).
    package var longListsRefused = true
    /// An update through Sync Leads that names a field of the company is skipped with 1021.
    package var companyUpdatesRefused = false
    /// A new lead's `createdAt` is a second before its New Lead, its `updatedAt` another one before that.
    package var creationSecondsDiffer = false
    /// Associating a lead answers with `result: []` too, as one recording has it.
    package var associateTellsResult = false
    /// Calls of bulk exports use up calls as others do; else bytes alone limit them.
    package var bulkCallsCount = true
    /// Exporting leads by `updatedAt` is 1035, as in subscriptions without it.
    package var bulkUpdatedAtRefused = false
    /// Simulated seconds until a queued export starts, when one of the two places is free.
    package var bulkSecondsQueued: Double = 60
    /// Simulated seconds until it is finished.
    package var bulkSecondsRunning: Double = 60
    /// Bytes of files a day, over all kinds; `nil`: any number.
    package var bulkBytesPerDay: Int? = 524_288_000
    /// The most entries of the log one activities call looks at.
    package var activityScan = 300_000
    /// The reference's reading of everything.
    package init() {}
}
