import Foundation
import Postgres
import Sync
import Testing

@testable import Store

/// Which work has calls left when they get scarce (sync-algorithms.md 5.2, promise 7).
///
/// It is six in the morning in Chicago: a quarter of the day is over.
@Suite struct CallLaneTests {
    private static let hour = 3_600_000

    /// A subscription of 1,000 calls a day, of which so many are used.
    private static func stage(
        _ store: StoreDatabase, used: Int = 0, backfill: Int = 0, sweep: Int = 0, settings: [String: String] = [:]
    ) async throws -> CallStage {
        let all = ["daily-limit": "1000", "calls-per-20s": "100", "concurrent-calls": "10"].merging(settings) { _, given in given }
        let stage = try await CallStage(store, settings: all)
        try await stage.use(used, backfill: backfill, sweep: sweep)
        return stage
    }

    @Test func `R26: half of our share is kept for more urgent work as the day begins, and set free as it goes by`() async throws {
        try await withStore { store in
            // 950 are ours; of 475 that are kept, three quarters still are: 593 may be used.
            let stage = try await Self.stage(store, used: 592)
            #expect(try await stage.lane(.backfill, at: 0) == nil)
            try await stage.use(593)
            #expect(try await stage.lane(.backfill, at: 0)?.reason == .lane)
            // An hour sets 19 or 20 more free.
            #expect(try await stage.lane(.backfill, at: Self.hour) == nil)
            try await stage.use(614)
            #expect(try await stage.lane(.backfill, at: Self.hour)?.reason == .lane)
            // Just before the day turns all of our share may be used.
            try await stage.use(940)
            #expect(try await stage.lane(.backfill, at: 18 * Self.hour - 600_000) == nil)
        }
    }

    @Test func `a full load uses at most 60 % of our share until six hours before the day turns`() async throws {
        try await withStore { store in
            let stage = try await Self.stage(store, used: 570, backfill: 570)
            let held = try await stage.lane(.backfill, at: 0)
            // It is looked at again in five minutes at the latest, for others may use less by then.
            #expect(held == .init(reason: .lane, until: 300_000))
            #expect(try await stage.heldUntil(.backfill, at: 0) == 12 * Self.hour)
            #expect(try await stage.lane(.backfill, at: 12 * Self.hour - 1) != nil)
            #expect(try await stage.lane(.backfill, at: 12 * Self.hour) == nil)
        }
    }

    @Test func `promise 7: when the full load has used what it may, pushes, the hourly sync and a person's click go on`() async throws {
        try await withStore { store in
            let stage = try await Self.stage(store, used: 600, backfill: 500)
            #expect(try await stage.lane(.backfill, at: 0)?.reason == .lane)
            for lane in [CallLane.push, .hourly, .interactive, .control] { #expect(try await stage.lane(lane, at: 0) == nil, "\(lane)") }
            try await stage.use(740)
            for lane in [CallLane.push, .hourly] { #expect(try await stage.lane(lane, at: 0)?.reason == .lane, "\(lane)") }
            for lane in [CallLane.interactive, .control] { #expect(try await stage.lane(lane, at: 0) == nil, "\(lane)") }
            try await stage.use(1_000)
            for lane in CallLane.allCases { #expect(try await stage.lane(lane, at: 0)?.reason == .day, "\(lane)") }
        }
    }

    @Test func `reading again what is probably unchanged stays below 15 %, and rests when less than a fifth is left`() async throws {
        try await withStore { store in
            let stage = try await Self.stage(store, used: 141, sweep: 141)
            #expect(try await stage.lane(.sweep, at: 0) == nil)
            try await stage.use(143, sweep: 143)
            #expect(try await stage.lane(.sweep, at: 0)?.reason == .lane)
            try await stage.use(790, sweep: 0)
            #expect(try await stage.lane(.sweep, at: 17 * Self.hour) == nil)
            try await stage.use(801, sweep: 0)
            #expect(try await stage.lane(.sweep, at: 17 * Self.hour)?.reason == .lane)
        }
    }

    @Test func `R26: what others use, and will by today's rate, is not ours; pushes and the hourly sync have two fifths all the same`()
        async throws
    {
        try await withStore { store in
            let stage = try await Self.stage(store, used: 100)
            // 300 of others in six hours: 1,200 by the end of the day.
            try await stage.note(total: 400, ours: 100, at: 0)
            #expect(try await stage.number("SELECT sync.others_forecast(call_budgets, \(stage.sql(0)))") == 1_200)
            for lane in [CallLane.backfill, .sweep] { #expect(try await stage.lane(lane, at: 0)?.reason == .lane, "\(lane)") }
            for lane in [CallLane.push, .hourly] { #expect(try await stage.lane(lane, at: 0) == nil, "\(lane)") }
            try await stage.use(320)
            for lane in [CallLane.push, .hourly] { #expect(try await stage.lane(lane, at: 0)?.reason == .lane, "\(lane)") }
            // The next day nothing of it is left.
            #expect(try await stage.lane(.backfill, at: 18 * Self.hour) == nil)
        }
    }

    @Test func `the same weekday a week ago, and a fifth more, counts for the rest of the day`() async throws {
        try await withStore { store in
            let stage = try await Self.stage(store)
            try await stage.note(total: 0, ours: 0, at: 0)
            try await store.run(
                "INSERT INTO sync.usage_days VALUES (1, (\(stage.sql(0)) AT TIME ZONE 'America/Chicago')::date - 7, 900, 500)")
            #expect(try await stage.number("SELECT sync.others_forecast(call_budgets, \(stage.sql(0)))") == 450)
            #expect(try await stage.number("SELECT sync.others_forecast(call_budgets, \(stage.sql(9 * Self.hour)))") == 225)
            #expect(try await stage.number("SELECT floor(sync.our_share(call_budgets, \(stage.sql(0))))") == 500)
        }
    }

    @Test func `the limit is learned from what Marketo had counted when it said “spent”, until more is seen or set`()
        async throws
    {
        try await withStore { store in
            let stage = try await Self.stage(store, used: 50)
            let learned = "SELECT coalesce(learned_limit, 0) FROM sync.call_budgets"
            try await stage.call(at: 0, .quotaSpent)
            try await stage.note(total: 800, ours: 51, at: 300_000)
            #expect(try await stage.number(learned) == 800)
            #expect(try await stage.number("SELECT sync.calls_a_day(call_budgets) FROM sync.call_budgets") == 800)
            // For a week: a subscription may have been given more.
            for (days, limit) in [(6, 800), (8, 0)] {
                #expect(try await stage.call(at: days * 24 * Self.hour, path: "/rest/v1/leads.json"))
                #expect(try await stage.number(learned) == limit)
            }
            try await store.run("UPDATE sync.call_budgets SET learned_limit = 800, spent_until = NULL")
            try await store.run("UPDATE sync.tenants SET settings = settings || '{\"sweep-days\": \"8\"}'")
            #expect(try await stage.number(learned) == 800)
            try await store.run("UPDATE sync.tenants SET settings = settings || '{\"daily-limit\": \"2000\"}'")
            #expect(try await stage.number(learned) == 0)
            try await store.run("UPDATE sync.call_budgets SET learned_limit = 800")
            #expect(try await CallLedger(pool: store.pool).liftPause(of: stage.subscription))
            #expect(try await stage.number(learned) == 0)
            try await store.run("UPDATE sync.call_budgets SET learned_limit = 800")
            try await stage.note(total: 801, ours: 51, at: 400_000)
            #expect(try await stage.number(learned) == 0)
        }
    }

    @Test func `R24: when a call shows that the vendor's day has turned, what was used of the one before holds nobody`() async throws {
        try await withStore { store in
            let stage = try await Self.stage(store, used: 700, backfill: 500)
            try await stage.call(at: 0, .quotaSpent)
            try await stage.note(total: 900, ours: 700, at: 1_000)
            // An operator, or the vendor's own clock, is ahead of the zone that was set.
            try await store.run("UPDATE sync.call_budgets SET spent_until = \(stage.sql(10_000)), learned_limit = NULL")
            #expect(try await stage.lane(.backfill, at: 9_000)?.reason == .quota)
            #expect(try await stage.call(at: 11_000))
            #expect(try await stage.lane(.backfill, at: 12_000) == nil)
            #expect(try await stage.number("SELECT used + sync.others_used(call_budgets, \(stage.sql(12_000)))") == 1)
        }
    }

    @Test func `how much others use is asked every 250 calls, or after five minutes with some, and not by each call`() async throws {
        try await withStore { store in
            let stage = try await Self.stage(store, used: 248)
            let asked = "SELECT count(*) FROM jobs.job WHERE kind = 'read-usage'"
            try await stage.call(at: 0)
            #expect(try await stage.number(asked) == 0)
            for place in 1...3 { try await stage.call(at: place * 500) }
            #expect(try await stage.number(asked) == 1)
            try await store.run("DELETE FROM jobs.job")
            try await stage.note(total: 260, ours: 252, at: 2_000)
            try await stage.call(at: 120_000)
            #expect(try await stage.number(asked) == 0)
            try await stage.use(280)
            try await stage.call(at: 302_001)
            #expect(try await stage.number(asked) == 1)
        }
    }

    @Test func `a call that never left, or that Marketo does not count, gives its lane's share back`() async throws {
        try await withStore { store in
            let stage = try await Self.stage(store)
            let used = "SELECT used * 100 + used_backfill * 10 + used_sweep FROM sync.call_budgets"
            guard case .granted(let first) = try await stage.admit(at: 0, lane: .backfill),
                case .granted(let second) = try await stage.admit(at: 1, lane: .sweep)
            else { throw CancellationError() }
            #expect(try await stage.number(used) == 211)
            try await stage.finish(first, .unsent, at: 10)
            try await stage.finish(second, .tokenExpired, counted: false, at: 10)
            #expect(try await stage.number(used) == 0)
        }
    }

    @Test func `a full load's time left: at its pace, then as the day sets calls free, then days`() async throws {
        try await withStore { store in
            let stage = try await Self.stage(store)
            func seconds(_ calls: Int) async throws -> Int {
                try await stage.number("SELECT sync.backfill_seconds(call_budgets, \(calls), 0.2, \(stage.sql(0))) FROM sync.call_budgets")
            }
            #expect(try await seconds(100) == 20)
            #expect(try await seconds(560) == 112)
            // More than 60 %: not before six hours to the end of the day, which has 18 left.
            #expect(try await seconds(700) == 12 * 3_600)
            #expect(try await seconds(900) >= 15 * 3_600)
            // 950 today, and 950 on each day after.
            #expect(try await seconds(950 + 950) == (18 + 24) * 3_600)
            #expect(try await seconds(950 * 11) == (18 + 240) * 3_600)
        }
    }

    @Test func `two tenants of one subscription have one day: what one uses, the other has not`() async throws {
        try await withStore { store in
            let stage = try await Self.stage(store, used: 569, backfill: 569)
            try await store.run(
                """
                INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id, settings)
                VALUES (\(store.beta), 'beta', 1, 'https://123-abc-456.mktorest.com', 'c', '', '', '{"daily-limit": "1000"}')
                """)
            guard case .granted = try await stage.admit(at: 0, lane: .backfill) else { throw CancellationError() }
            let other = try await stage.admit(at: 100, lane: .backfill, tenant: TenantID(rawValue: store.beta))
            guard case .wait(_, _, .lane) = other else { throw CancellationError() }
            #expect(try await stage.number("SELECT count(DISTINCT (tenant, lane)) FROM ops.call_lanes") == 14)
        }
    }
}

extension CallStage {
    /// Says that so many calls were used today.
    fileprivate func use(_ used: Int, backfill: Int = 0, sweep: Int = 0) async throws {
        try await self.store.run(
            """
            UPDATE sync.call_budgets SET quota_day = (\(self.sql(0)) AT TIME ZONE quota_zone)::date, used = \(used),
                used_backfill = \(backfill), used_sweep = \(sweep)
            """)
    }

    /// Notes what the usage page said.
    fileprivate func note(total: Int, ours: Int, at milliseconds: Int) async throws {
        try await self.store.run("SELECT sync.note_usage(1, \(total), \(ours), \(self.sql(milliseconds)))")
    }

    /// Why a lane may not call; nil if it may, and then the call is made and given back.
    fileprivate func lane(_ lane: CallLane, at milliseconds: Int) async throws -> Refusal? {
        switch try await self.admit(at: milliseconds, lane: lane) {
        case .granted(let permit):
            try await self.finish(permit, .unsent, at: milliseconds)
            return nil
        case .wait(let until, _, let reason): return Refusal(reason: reason, until: Int((until.timeIntervalSince(self.start) * 1_000).rounded()))
        case nil: throw CancellationError()
        }
    }

    /// Until when a lane is held, in milliseconds after the start; 0: it is not.
    fileprivate func heldUntil(_ lane: CallLane, at milliseconds: Int) async throws -> Int {
        try await self.number(
            """
            SELECT coalesce(extract(epoch FROM sync.lane_held(call_budgets, '\(lane.rawValue)', \(self.sql(milliseconds))) - \(self.sql(0))) * 1000, 0)::bigint
            FROM sync.call_budgets
            """)
    }

    fileprivate func number(_ sql: String) async throws -> Int {
        try await self.store.number(sql.contains("FROM") ? sql : sql + " FROM sync.call_budgets")
    }

    /// A moment as SQL.
    fileprivate func sql(_ milliseconds: Int) -> String { "to_timestamp(\(self.moment(milliseconds).timeIntervalSince1970))" }
}
