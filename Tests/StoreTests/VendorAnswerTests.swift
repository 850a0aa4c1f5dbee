import FoundationEssentials
import Postgres
import Sync
import TestKit
import Testing

@testable import Store

/// The vendor's answer outranks the ledger, for the whole fleet (DESIGN 5).
@Suite struct VendorAnswerTests {
    private static let usage = "/rest/v1/stats/usage.json"
    private static let identity = "/identity/oauth/token"

    @Test func `R24, promise 6: after 607 only usage and identity may be asked, once in five minutes each, until Chicago's midnight`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            try await stage.call(at: 0, .quotaSpent)
            let reset = 64_800_000 + 30_000
            #expect(try await stage.refusal(at: 1_000) == .init(reason: .quota, until: reset))
            #expect(try await stage.refusal(at: 1_000, path: Self.usage) == .init(reason: .quota, until: 300_100))
            for path in [Self.usage, Self.identity] {
                #expect(try await stage.call(at: 300_100, path: path))
                #expect(try await stage.refusal(at: 301_000, path: path) == .init(reason: .quota, until: 600_100))
                #expect(try await stage.call(at: 600_100, path: path))
            }
            // Their good answers end nothing.
            #expect(try await stage.refusal(at: reset - 1) == .init(reason: .quota, until: reset))
            #expect(try await store.pool.first(TenantStatusQuery(name: "acme"))?.state == .idle, "the story is set in the past")
        }
    }

    @Test func `R24 after the reset one call shows that the day has turned, the others wait for it`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            try await stage.call(at: 0, .quotaSpent)
            let reset = 64_830_000
            let probe = try await stage.permit(at: reset)
            #expect(probe != nil)
            #expect(try await stage.refusal(at: reset + 10) == .init(reason: .quota, until: reset + 1_010))
            try await stage.finish(probe, .answered, at: reset + 100)
            for place in 0..<3 { #expect(try await stage.permit(at: reset + 200 + place) != nil) }
        }
    }

    @Test func `R24 after the reset nobody waits for a call of before it, nor long for one whose process is dead; chaos 524004`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            let reset = 64_830_000
            // A process that is killed never tells how its calls ended; a paging token may take five minutes.
            _ = try await stage.admit(at: reset - 100_000, lease: 310_000)
            try await stage.call(at: reset - 50_000, .quotaSpent)
            let look = try await stage.permit(at: reset)
            #expect(look != nil)
            #expect(try await stage.refusal(at: reset + 29_000)?.reason == .quota)
            #expect(try await stage.permit(at: reset + 30_001) != nil)
        }
    }

    @Test func `R24 a reset that did not come is looked for ever more seldom, one call at a time`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            try await stage.call(at: 0, .quotaSpent)
            var now = 64_830_000
            for doubt in 1...5 {
                #expect(try await stage.call(at: now, .quotaSpent))
                let next = now + 100 + doubt * 300_000
                #expect(try await stage.refusal(at: now + 200) == .init(reason: .quota, until: next))
                now = next
            }
            #expect(try await stage.call(at: now, .quotaSpent))
            #expect(try await stage.refusal(at: now + 200)?.until == 64_830_000 + 86_400_000)
        }
    }

    @Test func `R24 after the reset a usage page and a new token show nothing: another 607 is a doubt, not a day`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            try await stage.call(at: 0, .quotaSpent)
            // The vendor keeps winter time in summer, say: the pages that are never refused answer, the day goes on.
            let reset = 64_830_000
            #expect(try await stage.call(at: reset, path: Self.identity))
            #expect(try await stage.call(at: reset + 200, path: Self.usage))
            #expect(try await stage.call(at: reset + 1_000, .quotaSpent))
            let next = reset + 1_100 + 300_000
            #expect(try await stage.refusal(at: reset + 2_000) == .init(reason: .quota, until: next))
            // Nor does a good page in between end the doubts.
            #expect(try await stage.call(at: next, path: Self.usage))
            #expect(try await stage.call(at: next + 200, .quotaSpent))
            #expect(try await stage.refusal(at: next + 400)?.until == next + 300 + 600_000)
        }
    }

    @Test func `R24 a usage total that fell tells that the vendor's day has turned, whatever its time zone`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            let reading = { (total: Int, now: Int) in
                try await store.run(
                    "SELECT sync.note_usage(1, \(total), NULL, '\(stage.start.ISO8601Format())'::timestamptz + interval '\(now) milliseconds')")
            }
            try await stage.call(at: 0, .quotaSpent)
            try await reading(50_000, 301_000)
            #expect(try await stage.refusal(at: 302_000)?.reason == .quota)
            try await reading(50_002, 601_000)
            #expect(try await stage.refusal(at: 602_000)?.reason == .quota)
            try await reading(3, 901_000)
            #expect(try await stage.call(at: 902_000))
            #expect(try await stage.call(at: 903_000))
        }
    }

    @Test func `R24 calls that were under way when the quota ran out neither prolong the pause nor end it`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            let permits = [try await stage.permit(at: 0), try await stage.permit(at: 1), try await stage.permit(at: 2)]
            try await stage.finish(permits[0], .quotaSpent, at: 100)
            try await stage.finish(permits[1], .quotaSpent, at: 200, jitter: 1)
            try await stage.finish(permits[2], .answered, at: 300)
            #expect(try await stage.refusal(at: 1_000) == .init(reason: .quota, until: 64_830_000))
        }
    }

    @Test func `the operator may lift a pause; the vendor's next answer is believed again`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            let ledger = CallLedger(pool: store.pool)
            #expect(try await ledger.liftPause(of: stage.subscription) == false)
            try await stage.call(at: 0, .quotaSpent)
            #expect(try await ledger.liftPause(of: stage.subscription))
            #expect(try await stage.call(at: 1_000, .quotaSpent))
            #expect(try await stage.refusal(at: 2_000)?.reason == .quota)
        }
    }

    @Test func `matrix 3.5, 606: everybody stops for 10 to 20 s, then half the places are left and come back minute by minute`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "20", "concurrent-calls": "10"])
            let both = [try await stage.permit(at: 0), try await stage.permit(at: 1)]
            try await stage.finish(both[0], .windowFull, at: 100)
            #expect(try await stage.refusal(at: 200) == .init(reason: .window, until: 10_100))
            // The second to meet the same limit is no second piece of news, though the longer pause counts.
            try await stage.finish(both[1], .windowFull, at: 300, jitter: 1)
            #expect(try await stage.refusal(at: 10_200) == .init(reason: .window, until: 20_300))
            for place in 0..<10 { #expect(try await stage.call(at: 21_000 + place)) }
            #expect(try await stage.refusal(at: 21_200)?.reason == .window)
            // A minute later a tenth of 20 has come back.
            for place in 0..<12 { #expect(try await stage.call(at: 62_000 + place)) }
            #expect(try await stage.refusal(at: 62_200)?.reason == .window)
        }
    }

    @Test func `matrix 3.5, 615: the slots are halved; one comes back each minute`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "100", "concurrent-calls": "4"])
            try await stage.call(at: 0, .tooMany)
            // A moment for everybody, 1 to 20 s by chance; here the shortest.
            #expect(try await stage.refusal(at: 200) == .init(reason: .window, until: 1_100))
            #expect(try await stage.permit(at: 1_200) != nil)
            #expect(try await stage.permit(at: 1_201) != nil)
            #expect(try await stage.refusal(at: 1_202)?.reason == .concurrency)
            #expect(try await stage.permit(at: 60_150) != nil)
        }
    }

    @Test func `matrix 3.5, 615 without end: ever fewer calls ask, and no storm`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "100", "concurrent-calls": "10"])
            var sent = 0
            // Even if chance always draws the shortest pause, and somebody asks each 100 ms.
            for moment in stride(from: 0, to: 120_000, by: 100) where try await stage.call(at: moment, .tooMany) { sent += 1 }
            #expect((8...25).contains(sent), "\(sent)")
        }
    }

    @Test func `promise 6: a call whose connection broke keeps its slot for 3 s, for Marketo may still be at work on it`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["concurrent-calls": "1"])
            #expect(try await stage.call(at: 0, .lost))
            #expect(try await stage.refusal(at: 3_000)?.reason == .concurrency)
            // An answer that can't be read has at least ended.
            #expect(try await stage.call(at: 3_200, .upstream))
            #expect(try await stage.call(at: 3_400))
        }
    }

    @Test func `R25 ten failures in a row pause everybody; the first look comes after 3 s, then one each 15 s; a good answer ends it`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "100"])
            for place in 0..<9 { try await stage.call(at: place * 1_000, .upstream) }
            #expect(try await stage.call(at: 9_000, .upstream))
            #expect(try await stage.refusal(at: 9_200) == .init(reason: .upstream, until: 12_100))
            #expect(try await stage.call(at: 12_100, .upstream))
            #expect(try await stage.refusal(at: 12_300) == .init(reason: .upstream, until: 27_100))
            #expect(try await stage.call(at: 27_100))
            for place in 0..<3 { #expect(try await stage.call(at: 27_300 + place)) }
        }
    }

    @Test func `R25 a call that nobody waited for shows nothing of the vendor's health`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "100"])
            for place in 0..<9 { try await stage.call(at: place * 1_000, .upstream) }
            #expect(try await stage.call(at: 9_000, .abandoned))
            #expect(try await stage.call(at: 9_500, .upstream))
            #expect(try await stage.refusal(at: 9_700)?.reason == .upstream)
        }
    }

    @Test func `R25 in trouble identity is asked as seldom as everything else, and the call that it was asked for may leave at once`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "100"])
            for place in 0..<10 { try await stage.call(at: place * 1_000, .upstream, path: place % 2 == 0 ? Self.identity : Self.usage) }
            #expect(try await stage.refusal(at: 9_200, path: Self.identity) == .init(reason: .upstream, until: 12_100))
            #expect(try await stage.call(at: 12_100, path: Self.identity))
            // A permit that is given back is no look either.
            #expect(try await stage.call(at: 12_300, .unsent))
            #expect(try await stage.call(at: 12_500, .upstream))
            #expect(try await stage.refusal(at: 12_700, path: Self.identity) == .init(reason: .upstream, until: 27_500))
            #expect(try await stage.refusal(at: 12_700) == .init(reason: .upstream, until: 27_500))
        }
    }

    @Test func `R25 failures for 60 s pause as well; good answers in between don't let them add up`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "100"])
            for place in 0..<30 { #expect(try await stage.call(at: place * 200, place % 2 == 0 ? .upstream : .answered)) }
            for moment in [10_000, 30_000, 69_000] { #expect(try await stage.call(at: moment, .upstream)) }
            #expect(try await stage.call(at: 71_000, .upstream))
            #expect(try await stage.refusal(at: 71_200)?.reason == .upstream)
        }
    }

    @Test func `promise 8: refused credentials hold this tenant back to one try a minute, and no other`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            try await store.run(
                """
                INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id)
                VALUES (\(store.beta), 'beta', 1, 'https://123-abc-456.mktorest.com', 'c', '', '')
                """)
            try await stage.call(at: 0, .authRefused)
            #expect(try await stage.refusal(at: 1_000) == .init(reason: .auth, until: 60_100))
            #expect(try await store.pool.first(TenantStatusQuery(name: "acme"))?.state == .pausedAuth)
            #expect(try await stage.permit(at: 1_000, tenant: TenantID(rawValue: store.beta)) != nil)
            #expect(try await stage.call(at: 60_100))
            #expect(try await stage.call(at: 60_300))
            #expect(try await store.pool.first(TenantStatusQuery(name: "acme"))?.state == .idle)
        }
    }

    @Test func `a test of credentials is not held up by what is known of the stored ones, and changes nothing of it`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            try await stage.call(at: 0, .authRefused, path: Self.identity)
            #expect(try await stage.refusal(at: 1_000, path: Self.identity) == .init(reason: .auth, until: 60_100))
            let test = try await stage.permit(at: 1_000, isTest: true)
            #expect(try await stage.finish(test, .answered, at: 1_100))
            #expect(try await stage.refusal(at: 1_200)?.reason == .auth)
            let ledger = CallLedger(pool: store.pool)
            let acme = try #require(try await store.pool.first(TenantByName(name: "acme")))
            try await stage.shutGates(of: store.acme)
            #expect(try await ledger.credentialsProven(of: acme))
            #expect(try await stage.shutVendorGates() == 0)
            #expect(try await stage.call(at: 1_300))
            #expect(try await ledger.credentialsProven(of: acme) == false)
            let wrong = try await stage.permit(at: 2_000, isTest: true)
            #expect(try await stage.finish(wrong, .authRefused, at: 2_100))
            #expect(try await stage.call(at: 2_200))
        }
    }

    @Test func `credentials that identity takes and the calls refuse get one try a minute, token and call`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            try await stage.call(at: 0, .authRefused)
            #expect(try await stage.call(at: 60_100, path: Self.identity))
            #expect(try await stage.call(at: 60_300, .tokenExpired))
            #expect(try await stage.call(at: 60_500, path: Self.identity))
            #expect(try await stage.call(at: 60_700, .authRefused))
            #expect(try await stage.refusal(at: 60_900)?.until == 120_800)
        }
    }

    @Test(arguments: ["limit", "zone", "secret", "lifted", "fell", "proof", "healed"])
    func `whatever ends a pause opens the vendor's gates of all tenants of the subscription`(ending: String) async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            try await store.run(
                """
                INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id)
                VALUES (\(store.beta), 'beta', 1, 'https://123-abc-456.mktorest.com', 'c', '', '')
                """)
            if ending == "healed" { try await stage.call(at: 0, .upstream) } else { try await stage.call(at: 0, .quotaSpent) }
            for tenant in [store.acme, store.beta] { try await stage.shutGates(of: tenant) }
            // Pages that answer in any case end nothing.
            #expect(try await stage.call(at: 300_100, path: Self.identity))
            if ending != "healed" { #expect(try await stage.call(at: 300_300, path: Self.usage)) }
            #expect(try await stage.shutVendorGates() == 2)
            switch ending {
            case "limit": try await store.run("UPDATE sync.tenants SET settings = '{\"daily-limit\":\"100000\"}' WHERE name = 'beta'")
            case "zone": try await store.run("UPDATE sync.tenants SET settings = '{\"quota-zone\":\"Asia/Tokyo\"}' WHERE name = 'acme'")
            case "secret": try await store.run("UPDATE sync.tenants SET secret = 'x' WHERE name = 'acme'")
            case "lifted": try await CallLedger(pool: store.pool).liftPause(of: stage.subscription)
            case "fell":
                for (total, now) in [(50_000, 301_000), (3, 601_000)] {
                    try await store.run(
                        "SELECT sync.note_usage(1, \(total), NULL, '\(stage.start.ISO8601Format())'::timestamptz + interval '\(now) milliseconds')")
                }
            default: #expect(try await stage.call(at: 64_830_000))
            }
            #expect(try await stage.shutVendorGates() == 0)
            #expect(try await store.number("SELECT count(*) FROM jobs.gate WHERE name = 'tenant'") == 2)
        }
    }

    @Test func `status shows a spent quota and an upstream in trouble as what they are`() async throws {
        try await withStore { store in
            let stage = try await CallStage(store)
            let ledger = CallLedger(pool: store.pool)
            let admit = {
                try await ledger.admit(subscription: stage.subscription, tenant: stage.tenant, lane: .push, path: "/x", lease: .seconds(60))
            }
            for _ in 0..<10 {
                guard case .granted(let permit) = try await admit() else { break }
                try await ledger.finish(permit, as: .upstream)
            }
            let down = try await store.pool.first(TenantStatusQuery(name: "acme"))
            #expect(down?.state == .pausedUpstream && down?.pausedUntil != nil)
            try await ledger.liftPause(of: stage.subscription)
            guard case .granted(let permit) = try await admit() else {
                Issue.record("refused")
                return
            }
            try await ledger.finish(permit, as: .quotaSpent, vendorCode: "607")
            try await ledger.noteUsage(total: 49_000, ours: 11, of: stage.subscription)
            let spent = try await store.pool.first(TenantStatusQuery(name: "acme"))
            #expect(spent?.state == .pausedQuota && spent?.pausedUntil != nil)
            // What Marketo had counted is what it allows.
            #expect(spent?.quota.usedByUs == 11 && spent?.quota.usedByOthers == 48_989)
            #expect(spent?.quota.limit == 49_000 && spent?.quota.remaining == 0)
        }
    }
}
