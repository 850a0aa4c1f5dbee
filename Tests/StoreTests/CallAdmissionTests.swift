import FoundationEssentials
import Postgres
import Sync
import Synchronization
import TestKit
import Testing

@testable import Store

/// Promise 6: never more than the window's calls in any 20 s, never more than allowed at once, never more than the day's.
@Suite struct CallAdmissionTests {
    @Test func `promise 6: on random histories the database decides as the naive model does, and the vendor never sees too much`() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        try await withStore { store in
            let perWindow = Int.random(in: 3...12, using: &random)
            let atOnce = Int.random(in: 1...6, using: &random)
            let perDay = Int.random(in: 60...150, using: &random)
            let settings = ["calls-per-20s": "\(perWindow)", "concurrent-calls": "\(atOnce)", "daily-limit": "\(perDay)"]
            let stage = try await CallStage(store, settings: settings)
            // 18 h from the start, Chicago's day turns.
            var model = NaiveLedger(perWindow: perWindow, atOnce: atOnce, perDay: perDay, day: 86_400_000, dayStart: 64_800_000)
            var running: [(place: Int, permit: CallPermit)] = []
            var now = 64_300_000
            var arrivals: [Int] = []
            for _ in 0..<700 {
                now += [0, 1, 50, 300, 2_000, 15_000][Int.random(in: 0..<6, using: &random)]
                if !running.isEmpty, Bool.random(using: &random) {
                    let (place, permit) = running.remove(at: Int.random(in: 0..<running.count, using: &random))
                    // One in ten processes dies in mid-call and records nothing; the others end before their lease does.
                    if model.calls[place].leaseEnd < now || Int.random(in: 0..<10, using: &random) == 0 { continue }
                    // One in ten gives up waiting, which for the vendor is no end either.
                    if Int.random(in: 0..<10, using: &random) == 0 {
                        #expect(try await stage.finish(permit, .abandoned, at: now))
                        #expect(try await stage.finish(permit, .answered, at: now + 5) == false)
                        continue
                    }
                    // One in ten loses its connection: the vendor may be at work on it for 3 s more, or for its lease.
                    if Int.random(in: 0..<10, using: &random) == 0 {
                        #expect(try await stage.finish(permit, .lost, at: now))
                        model.lose(place, at: now)
                        // What several such ends in a row say of the vendor's health is another story.
                        try await store.run("UPDATE sync.call_budgets SET failures = 0, failing_since = NULL, upstream_since = NULL")
                        continue
                    }
                    #expect(try await stage.finish(permit, .answered, at: now))
                    #expect(try await stage.finish(permit, .answered, at: now + 5) == false)
                    model.finish(place, at: now)
                } else {
                    let lease = Int.random(in: 1_000...30_000, using: &random)
                    let expected = model.admit(at: now, lease: lease)
                    switch try await stage.admit(at: now, lease: lease) {
                    case .granted(let permit):
                        #expect(expected == nil, "seed \(seed) at \(now)")
                        running.append((model.calls.count - 1, permit))
                    case .wait(let until, _, let reason):
                        #expect(expected == reason.rawValue, "seed \(seed) at \(now)")
                        #expect(until > stage.moment(now), "seed \(seed) at \(now)")
                    case nil: Issue.record("no answer")
                    }
                }
            }
            // Wherever between its booking and its end each call arrives at the vendor, no 20 s hold more than allowed.
            for _ in 0..<200 {
                arrivals = model.calls.map { Int.random(in: $0.booked...($0.ended ?? $0.leaseEnd), using: &random) }
                #expect(NaiveLedger.most(of: arrivals) <= perWindow, "seed \(seed)")
            }
            #expect(model.calls.count > 60, "seed \(seed): the history is worth something")
        }
    }

    @Test func `call 101 waits until the first call has ended 20 s ago, and then leaves`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "100", "concurrent-calls": "10"])
            for place in 0..<100 { #expect(try await stage.call(at: place * 10)) }
            #expect(try await stage.refusal(at: 1_100) == .init(reason: .window, until: 20_200))
            #expect(try await stage.refusal(at: 20_199) == .init(reason: .window, until: 20_200))
            #expect(try await stage.call(at: 20_200))
            #expect(try await stage.refusal(at: 20_201) == .init(reason: .window, until: 20_210))
        }
    }

    @Test func `with calls of 0.3 s the window costs less than one call in twenty of what the vendor allows`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "100", "concurrent-calls": "10"])
            var now = 0
            var ends: [(end: Int, permit: CallPermit)] = []
            var granted = 0
            // Ten callers that ask as soon as they may, for a little more than two minutes of the vendor's time.
            while now < 122_000 {
                while let first = ends.first, first.end <= now { try await stage.finish(ends.removeFirst().permit, .answered, at: first.end) }
                switch try await stage.admit(at: now) {
                case .granted(let permit):
                    granted += 1
                    ends.append((now + 300, permit))
                case .wait(let until, _, let reason):
                    let asked = Int((until.timeIntervalSince(stage.start) * 1_000).rounded())
                    now = max(now + 1, min(reason == .concurrency ? ends[0].end : asked, ends.first?.end ?? .max))
                case nil: Issue.record("no answer")
                }
            }
            #expect(Double(granted) >= 0.95 * 122 * 5)
        }
    }

    @Test func `promise 6: sixteen connections at once never get more than the window and the slots allow, by an independent count`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "30", "concurrent-calls": "10", "daily-limit": "1000000"])
            // The window is made short, so that many of them pass during the test; the count below knows nothing of the database's clock.
            try await store.run(
                "CREATE OR REPLACE FUNCTION sync.call_window() RETURNS interval LANGUAGE sql IMMUTABLE RETURN interval '200 milliseconds'")
            let pool = try store.database.makePool { $0.poolSize = 16 }
            let vendor = VendorDoor()
            let ledger = CallLedger(pool: pool)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        for _ in 0..<120 {
                            let answer = try await ledger.admit(
                                subscription: stage.subscription, tenant: stage.tenant, lane: .hourly, path: "/rest/v1/leads.json",
                                lease: .seconds(60))
                            guard case .granted(let permit) = answer else {
                                await Task.yield()
                                continue
                            }
                            vendor.seen.withLock { $0.arrive() }
                            for _ in 0..<20 { await Task.yield() }
                            vendor.seen.withLock { $0.leave() }
                            try await ledger.finish(permit, as: .answered)
                        }
                    }
                }
                try await group.waitForAll()
            }
            await pool.shutdown()
            let seen = vendor.seen.withLock { $0 }
            #expect(NaiveLedger.most(of: seen.arrivals, within: 199_000_000) <= 30)
            #expect(seen.mostAtOnce <= 10)
            #expect(seen.arrivals.count >= 30)
            #expect(try await store.number("SELECT count(*) FROM sync.calls") == seen.arrivals.count)
        }
    }

    @Test func `sixteen connections at once get exactly the window's calls while it lasts`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "100", "concurrent-calls": "10"])
            try await store.run(
                "CREATE OR REPLACE FUNCTION sync.call_window() RETURNS interval LANGUAGE sql IMMUTABLE RETURN interval '1 hour'")
            let pool = try store.database.makePool { $0.poolSize = 16 }
            let ledger = CallLedger(pool: pool)
            let granted = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        var granted = 0
                        while true {
                            let answer = try await ledger.admit(
                                subscription: stage.subscription, tenant: stage.tenant, lane: .hourly, path: "/rest/v1/leads.json",
                                lease: .seconds(60))
                            switch answer {
                            case .granted(let permit):
                                granted += 1
                                try await ledger.finish(permit, as: .answered)
                            case .wait(_, _, .concurrency): await Task.yield()
                            case .wait: return granted
                            }
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            await pool.shutdown()
            #expect(granted == 100)
        }
    }

    @Test func `promise 6: a call of a process that died counts until its lease and the window are over`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "1", "concurrent-calls": "1"])
            #expect(try await stage.permit(at: 0) != nil)
            #expect(try await stage.refusal(at: 59_999)?.reason == .concurrency)
            #expect(try await stage.refusal(at: 60_000) == .init(reason: .window, until: 80_100))
            #expect(try await stage.permit(at: 80_100) != nil)
        }
    }

    @Test func `a call that never left gives its place and its share of the day back`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "1", "daily-limit": "1"])
            try await stage.finish(try await stage.permit(at: 0), .unsent, at: 1)
            #expect(try await stage.permit(at: 2) != nil)
        }
    }

    @Test func `a call that nobody waited for keeps its slot until its lease ends, and counts`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["concurrent-calls": "1", "daily-limit": "1"])
            #expect(try await stage.finish(try await stage.permit(at: 0), .abandoned, at: 100))
            #expect(try await stage.refusal(at: 59_999)?.reason == .day)
            try await store.run("UPDATE sync.call_budgets SET daily_limit = 2")
            #expect(try await stage.refusal(at: 59_999)?.reason == .concurrency)
            #expect(try await stage.permit(at: 60_000) != nil)
        }
    }

    @Test func `identity takes no place, no slot and no share of the day`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "1", "concurrent-calls": "1", "daily-limit": "2"])
            for place in 0..<3 { #expect(try await stage.permit(at: place, path: "/identity/oauth/token") != nil) }
            for place in 0..<3 { #expect(try await stage.call(at: 10 + place, path: "/identity/oauth/token")) }
            let permit = try await stage.permit(at: 200)
            #expect(permit != nil)
            #expect(try await stage.call(at: 201, path: "/identity/oauth/token"))
            try await stage.finish(permit, .answered, at: 300)
            #expect(try await stage.refusal(at: 400) == .init(reason: .window, until: 20_400))
            #expect(try await stage.call(at: 20_400))
            #expect(try await stage.refusal(at: 50_000)?.reason == .day)
            #expect(try await stage.call(at: 50_000, path: "/identity/oauth/token"))
        }
    }

    @Test func `an answer that the vendor does not count is not taken from the day`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["daily-limit": "1"])
            try await stage.finish(try await stage.permit(at: 0), .tokenExpired, counted: false, at: 100)
            #expect(try await stage.call(at: 200))
            // Chicago's midnight, 18 h after the start.
            #expect(try await stage.refusal(at: 400) == .init(reason: .day, until: 64_800_000))
            #expect(try await stage.call(at: 64_800_000))
        }
    }

    @Test func `two tenants of one subscription share its window; another subscription has its own`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "1"])
            try await store.run(
                """
                INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id)
                VALUES (\(store.beta), 'beta', 1, 'https://123-abc-456.mktorest.com', 'c', '', '')
                """)
            #expect(try await stage.call(at: 0))
            #expect(try await stage.refusal(at: 200, tenant: TenantID(rawValue: store.beta))?.reason == .window)
            try await store.run(
                """
                INSERT INTO sync.subscriptions (vendor, account) VALUES ('marketo', 'other');
                UPDATE sync.tenants SET subscription_id = 2 WHERE name = 'beta'
                """)
            let other = CallAdmit(
                subscription: SubscriptionID(rawValue: 2), tenant: TenantID(rawValue: store.beta), lane: .push, path: "/rest/v1/leads.json",
                lease: .seconds(60), at: stage.moment(200))
            guard case .granted = try await store.pool.first(other) else {
                Issue.record("refused")
                return
            }
        }
    }

    @Test func `a transaction that would not see what others booked is refused`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            let script = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT sync.admit_call(1, \(stage.tenant), 'push', '/', '60 s')"
            let state = await store.failure(script)?.sqlState
            #expect(state == "25001")
            try await store.run("ROLLBACK")
        }
    }

    @Test func `old calls are forgotten in bites, those of the day and those that run are kept`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            try await store.run(
                """
                INSERT INTO sync.calls (subscription_id, tenant_id, lane, path, booked_at, lease_until, ended_at, occupies_until)
                SELECT 1, \(stage.tenant), 'push', '/', moment, moment, moment, moment
                FROM generate_series(now() - interval '4 days', now() - interval '1 minute', interval '2 minutes') AS moment
                """)
            let pruned = try await CallLedger(pool: store.pool).prune()
            #expect(pruned >= 719 && pruned <= 721)
            #expect(try await store.number("SELECT count(*) FROM sync.calls WHERE booked_at < now() - interval '73 hours'") == 0)
        }
    }

    /// Where all connections pass the same onlooker.
    private final class VendorDoor: Sendable {
        let seen = Mutex(Vendor())
    }

    /// What an onlooker at the vendor's door counts, by a clock of its own.
    private struct Vendor: Sendable {
        private let start = ContinuousClock.now
        /// Nanoseconds after the start.
        private(set) var arrivals: [Int] = []
        private(set) var mostAtOnce = 0
        private var present = 0

        mutating func arrive() {
            let since = ContinuousClock.now - self.start
            self.arrivals.append(Int(since / .nanoseconds(1)))
            self.present += 1
            self.mostAtOnce = max(self.mostAtOnce, self.present)
        }

        mutating func leave() { self.present -= 1 }
    }
}
