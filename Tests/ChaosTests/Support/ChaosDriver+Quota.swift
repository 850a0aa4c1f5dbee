import Fleet
import Simulator
import StageKit
import TestKit

extension ChaosDriver {
    /// The day's calls are used up, by us or by others, and everybody hears of it; nil when it is spent already, nothing when nobody notices.
    ///
    /// From then until the day turns there may be no call but the two careful ones. Marketo keeps deletions for a fortnight, which chaos must not use up
    /// unread: so only one of three days turns by the clock, in the others more calls are bought.
    mutating func spendQuota(_ trouble: Trouble, _ random: inout SeededRandom) async throws -> [End]? {
        guard self.toldOfQuota == nil, await self.isQuiet() else { return nil }
        let marketo = self.stage.marketo
        // Calls must leave and be answered for the news to come.
        for id in Array(self.rules.keys) { try await self.bring(.fault(id)) }
        try await self.stage.passTime()
        if trouble == .quotaSmall {
            marketo.limits.callsPerDay = marketo.callsToday + 1 + random.below(5)
        } else {
            marketo.countCalls(VendorDay.calls, user: ForeignUser.client.user)
        }
        _ = try await self.stage.answer("SELECT ops.sync_now('\(Stage.tenant)')")
        guard
            try await self.holds(within: .seconds(15), nudging: true, "SELECT (count(*) = 1)::text FROM sync.call_budgets WHERE spent_until > now()")
        else {
            // Something else holds every call back, and nobody notices.
            self.life.diary.note("the quota is not missed:\n\(await self.stage.state)\n\(self.stage.family.said)")
            marketo.limits.callsPerDay = marketo.callsToday + VendorDay.calls
            return []
        }
        // Calls that were under way meet it too. What a dead process has booked never ends, so this is no condition to insist on.
        _ = try await self.holds(
            within: .seconds(4), "SELECT (count(*) = 0)::text FROM sync.calls WHERE ended_at IS NULL AND outcome IS NULL AND lease_until > now()")
        self.toldOfQuota = marketo.evidence.callsAfterQuota
        return [.dayTurns]
    }

    /// The day turns; whatever called in between should not have.
    mutating func endDay() async throws {
        guard let before = self.toldOfQuota else { return }
        self.toldOfQuota = nil
        self.report.quotaDays += 1
        self.report.callsAfterSpent += self.stage.marketo.evidence.callsAfterQuota - before
        if self.report.quotaDays % 3 == 1 { self.stage.marketo.advance(seconds: 86_400) }
        self.stage.marketo.limits.callsPerDay = self.stage.marketo.callsToday + VendorDay.calls
        try await self.stage.turnTheDay()
    }

    /// Nobody else calls, and nothing is frozen or silent that would call later by a permit of before.
    private mutating func isQuiet() async -> Bool {
        for task in self.others { await task.value }
        self.others = []
        for child in self.workers { child.thaw() }
        self.stage.roads?.marketo.thaw()
        self.stage.roads?.database.thaw()
        return true
    }

    /// Whether it comes about in time; by nudges what waits for a clock meanwhile waits no longer.
    private func holds(within limit: Duration, nudging: Bool = false, _ question: String) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        var nudge = ContinuousClock.now + .seconds(3)
        while try await self.stage.answer(question) != "true" {
            guard .now < deadline else { return false }
            if nudging, .now > nudge {
                try await self.stage.passTime()
                nudge = .now + .seconds(3)
            }
            try await Task.sleep(for: .milliseconds(30))
        }
        return true
    }
}
