/// Everything that goes wrong: the failure matrix of sync-algorithms 3.5, the simulator's faults, processes, network and database.
enum Trouble: String, CaseIterable, Sendable {
    // Marketo answers, but not as asked.
    case windowFull, tooManyAtOnce, timedOut, unavailable, systemError, transient, gatewayFault, reset, lostAnswer, answerResetAfterwards
    case truncated, invalidJSON, slow, hang
    // Tokens.
    case tokenInvalid, tokenExpired, tokenExpiredThenInvalid, everyTokenCut, secondsLeft, identityDown, unauthorized
    // Feeds.
    case emptyPages, shortPages, repeatedRecords, repeatedToken, pagingTokenRefused, pagingTokenTooLong, lateActivities
    // The subscription.
    case fieldVanishes, clockJumps, quotaSmall, quotaTakenByOthers, windowTakenByOthers, callsOfOthers
    // Processes.
    case workerKilled, schedulerKilled, workerFrozen, schedulerFrozen, workerReplaced
    // PostgreSQL.
    case databaseStopped, databaseCrashed, backendsTerminated
    // The network accepts and never answers, or is cut.
    case marketoSilent, databaseSilent, marketoCut, databaseCut

    /// Whether it is made of a ``FaultRule`` that the simulator counts by itself.
    var isCountedBySimulator: Bool {
        switch self {
        case .windowFull, .tooManyAtOnce, .timedOut, .unavailable, .systemError, .transient, .gatewayFault, .reset, .lostAnswer,
            .answerResetAfterwards, .truncated, .invalidJSON, .slow, .hang, .tokenInvalid, .tokenExpired, .tokenExpiredThenInvalid, .identityDown,
            .unauthorized, .emptyPages, .shortPages, .repeatedRecords, .repeatedToken, .pagingTokenRefused, .pagingTokenTooLong:
            true
        case .everyTokenCut, .secondsLeft, .lateActivities, .fieldVanishes, .clockJumps, .quotaSmall, .quotaTakenByOthers, .windowTakenByOthers,
            .callsOfOthers, .workerKilled, .schedulerKilled, .workerFrozen, .schedulerFrozen, .workerReplaced, .databaseStopped, .databaseCrashed,
            .backendsTerminated, .marketoSilent, .databaseSilent, .marketoCut, .databaseCut:
            false
        }
    }
}
