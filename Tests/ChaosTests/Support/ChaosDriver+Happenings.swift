import Fleet
import Simulator
import StageKit
import TestKit

extension ChaosDriver {
    /// Makes a trouble that is not one of the simulator's rules; what ends it, or nil when it has to wait.
    mutating func happen(_ trouble: Trouble, _ random: inout SeededRandom) async throws -> [End]? {
        switch trouble {
        case .everyTokenCut:
            self.stage.marketo.cutTokensShort(asInvalid: random.below(2) == 0)
            return []
        case .secondsLeft:
            let seconds = Double(1 + random.below(70))
            self.stage.marketo.set { $0.tokenSeconds = seconds }
            // The next token is one of these.
            self.stage.marketo.cutTokensShort()
            return [.longTokens]
        case .lateActivities:
            self.life.isLate = true
            return [.activitiesAreSoon]
        case .fieldVanishes:
            self.showField()
            let field = ["leadScore", "mktoAcquisitionDate", "title"][random.below(3)]
            self.stage.marketo.hide(field: field)
            self.life.hidden = field
            return [.fieldIsBack]
        case .clockJumps:
            self.stage.marketo.advance(seconds: Double(60 + random.below(3_600)))
            return []
        case .quotaSmall, .quotaTakenByOthers: return try await self.spendQuota(trouble, &random)
        case .windowTakenByOthers, .callsOfOthers:
            guard self.toldOfQuota == nil else { return nil }
            let foreign = ForeignUser(base: self.stage.marketo.baseURL)
            let count = trouble == .callsOfOthers ? 3 + random.below(12) : 30 + random.below(50)
            self.others.append(Task { await foreign.call(count) })
            return trouble == .callsOfOthers ? [] : [.timePasses]
        case .workerKilled, .schedulerKilled, .workerFrozen, .schedulerFrozen, .workerReplaced: return try await self.hurt(trouble, &random)
        case .databaseStopped, .databaseCrashed:
            try await self.stage.cluster.stop(trouble == .databaseStopped ? .fast : .immediate)
            try await Task.sleep(for: .milliseconds(random.below(1_500)))
            try await self.stage.cluster.start()
            return []
        case .backendsTerminated:
            try await self.stage.cluster.asSuperuser(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = '\(self.stage.database.name)' AND application_name LIKE 'kakehashi%' AND pid % 3 <> \(random.below(4))
                """)
            return []
        case .marketoSilent:
            self.stage.roads?.marketo.freeze()
            return [.marketoSpeaks]
        case .databaseSilent:
            self.stage.roads?.database.freeze()
            return [.databaseSpeaks]
        case .marketoCut:
            self.stage.roads?.marketo.sever()
            return []
        case .databaseCut:
            self.stage.roads?.database.sever()
            return []
        case .windowFull, .tooManyAtOnce, .timedOut, .unavailable, .systemError, .transient, .gatewayFault, .reset, .lostAnswer,
            .answerResetAfterwards, .truncated, .invalidJSON, .slow, .hang, .tokenInvalid, .tokenExpired, .tokenExpiredThenInvalid, .identityDown,
            .unauthorized, .emptyPages, .shortPages, .repeatedRecords, .repeatedToken, .pagingTokenRefused, .pagingTokenTooLong:
            return []
        }
    }

    /// The field that had vanished is there again, with all that was in it.
    mutating func showField() {
        if let field = self.life.hidden { self.stage.marketo.show(field: field) }
        self.life.hidden = nil
    }

    /// Does something to a process; nil when somebody would rightly be blamed for it.
    private mutating func hurt(_ trouble: Trouble, _ random: inout SeededRandom) async throws -> [End]? {
        switch trouble {
        case .workerKilled, .workerFrozen:
            guard try await self.mayHurt() else { return nil }
            let chosen = random.below(self.workers.count)
            if trouble == .workerFrozen {
                self.workers[chosen].freeze()
                return [.frozen(self.workers[chosen])]
            }
            self.workers[chosen].kill()
            _ = await self.workers[chosen].ended(within: .seconds(10))
            self.workers[chosen] = try await self.startWorker()
        case .workerReplaced:
            let chosen = random.below(self.workers.count)
            let old = self.workers[chosen]
            self.workers[chosen] = try await self.startWorker()
            old.thaw()
            old.terminate()
        case .schedulerKilled:
            let chosen = random.below(self.schedulers.count)
            self.schedulers[chosen].kill()
            _ = await self.schedulers[chosen].ended(within: .seconds(10))
            self.schedulers[chosen] = try await self.startScheduler()
        case .schedulerFrozen:
            let chosen = self.schedulers[random.below(self.schedulers.count)]
            chosen.freeze()
            return [.frozen(chosen)]
        default: break
        }
        return []
    }

    /// Whether a worker may be killed or frozen.
    ///
    /// A job that lost two workers, the second time alone with it, is rightly buried (promise 10); here no job is to blame, so none is put in that place.
    private func mayHurt() async throws -> Bool {
        try await self.stage.answer("SELECT (NOT EXISTS (SELECT FROM jobs.job WHERE crashes > 0))::text") == "true"
    }
}
