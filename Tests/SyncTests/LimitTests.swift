import Foundation
import Sync
import Testing

@Suite struct LimitTests {
    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    @Test(arguments: [
        ("2026-11-23T20:00:00Z", "2026-11-23", "2026-11-23T06:00:00Z", "2026-11-24T06:00:00Z"),
        ("2026-11-24T05:59:59Z", "2026-11-23", "2026-11-23T06:00:00Z", "2026-11-24T06:00:00Z"),
        ("2026-11-24T06:00:00Z", "2026-11-24", "2026-11-24T06:00:00Z", "2026-11-25T06:00:00Z"),
        ("2026-07-01T04:59:59Z", "2026-06-30", "2026-06-30T05:00:00Z", "2026-07-01T05:00:00Z"),
        ("2026-03-08T12:00:00Z", "2026-03-08", "2026-03-08T06:00:00Z", "2026-03-09T05:00:00Z"),
        ("2026-11-01T12:00:00Z", "2026-11-01", "2026-11-01T05:00:00Z", "2026-11-02T06:00:00Z"),
    ])
    func `the vendor's day turns at midnight in Chicago, on days of 23 and 25 hours too`(now: String, day: String, start: String, reset: String)
        throws
    {
        let quota = try #require(QuotaDay(containing: try self.date(now), zone: "America/Chicago"))
        #expect(quota.text == day)
        #expect(quota.start == (try self.date(start)))
        #expect(quota.reset == (try self.date(reset)))
    }

    @Test func `the vendor's day may be kept without daylight saving, and in a zone that skips midnight`() throws {
        let fixed = try #require(QuotaDay(containing: try self.date("2026-07-01T05:30:00Z"), zone: "Etc/GMT+6"))
        #expect(fixed.reset == (try self.date("2026-07-01T06:00:00Z")))
        // Santiago puts the clock on at midnight: that day begins at 1 o'clock.
        let skipping = try #require(QuotaDay(containing: try self.date("2026-09-06T12:00:00Z"), zone: "America/Santiago"))
        #expect(skipping.start == (try self.date("2026-09-06T04:00:00Z")))
        #expect(skipping.reset == (try self.date("2026-09-07T03:00:00Z")))
        #expect(QuotaDay(containing: .now, zone: "Nowhere/At all") == nil)
    }

    @Test func `R24 work goes on between 30 and 300 s after the reset`() throws {
        let quota = try #require(QuotaDay(containing: try self.date("2026-11-23T20:00:00Z"), zone: "America/Chicago"))
        #expect(quota.resume(random: 0).timeIntervalSince(quota.reset) == 30)
        #expect(quota.resume(random: 1).timeIntervalSince(quota.reset) == 300)
        #expect(quota.resume(random: 0.5).timeIntervalSince(quota.reset) == 165)
    }

    @Test func `R11 tenants are spread over the hour, each always at its own minute, unless one is set`() throws {
        let minutes = (0..<6000).map { SweepMinute(tenant: "tenant-\($0)", settings: TenantSettings()).minute }
        let counts = Dictionary(grouping: minutes, by: \.self).mapValues(\.count)
        #expect(counts.count == 60)
        #expect(counts.values.allSatisfy { (50...160).contains($0) })
        #expect(SweepMinute(tenant: "acme", settings: TenantSettings()) == SweepMinute(tenant: "acme", settings: TenantSettings()))
        #expect(SweepMinute(tenant: "acme", settings: try TenantSettings(overrides: ["sweep-minute": "7"])).minute == 7)
    }

    @Test func `call 101 waits until the first call has been over for 20 s`() {
        let start = Date(timeIntervalSince1970: 0)
        var log = CallLog(callsPerWindow: 100, atOnce: 10)
        for _ in 0..<100 {
            #expect(log.book(at: start, until: start.addingTimeInterval(60)) == .go)
            log.end(log.calls.count - 1, at: start.addingTimeInterval(1))
            log.end(log.calls.count - 1, at: start)
        }
        #expect(log.book(at: start, until: start.addingTimeInterval(60)) == .windowFull(until: start.addingTimeInterval(20)))
        #expect(log.free(at: start.addingTimeInterval(19.9)) == 0)
        #expect(log.free(at: start.addingTimeInterval(20)) == 10)
    }

    @Test func `call 11 waits until one of the ten is over, or its lease`() {
        let start = Date(timeIntervalSince1970: 0)
        var log = CallLog(callsPerWindow: 100, atOnce: 10)
        for number in 0..<10 { #expect(log.book(at: start, until: start.addingTimeInterval(30 + Double(number))) == .go) }
        #expect(log.book(at: start, until: start) == .tooManyAtOnce(until: start.addingTimeInterval(30)))
        log.end(3, at: start.addingTimeInterval(2))
        #expect(log.free(at: start.addingTimeInterval(2)) == 1)
    }

    @Test(arguments: Seeded.seeds)
    func `never more than the limit arrives in any 20 s, wherever between booking and end a call arrives`(seed: UInt64) {
        var random = Seeded(seed: seed)
        for _ in 0..<10 {
            var log = CallLog(callsPerWindow: Int.random(in: 1...20, using: &random), atOnce: Int.random(in: 1...8, using: &random))
            var now = Date(timeIntervalSince1970: 0)
            for _ in 0..<300 {
                now = now.addingTimeInterval(Double.random(in: 0...1, using: &random))
                _ = log.book(at: now, until: now.addingTimeInterval(Double.random(in: 0...6, using: &random)))
            }
            let arrivals = log.calls.map { call in
                call.bookedAt.addingTimeInterval(call.endsAt.timeIntervalSince(call.bookedAt) * Double.random(in: 0..<1, using: &random))
            }
            for first in arrivals {
                #expect(arrivals.filter { $0 >= first && $0 < first.addingTimeInterval(20) }.count <= log.callsPerWindow)
            }
        }
    }
}
