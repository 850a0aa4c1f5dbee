import Foundation
import Testing

@testable import JobQueue

@Suite struct CrontabTests {
    static func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    static func next(_ line: String, _ zone: String, after text: String, count: Int = 1) throws -> [String] {
        let crontab = try Crontab(line, zone: zone)
        var date = try Self.date(text)
        var found: [String] = []
        for _ in 0..<count {
            guard let next = crontab.next(after: date) else { break }
            found.append(next.formatted(.iso8601))
            date = next
        }
        return found
    }

    @Test func `numbers, lists, ranges, steps and names mean what they mean in every cron`() throws {
        #expect(
            try Self.next("*/20 9-10 * * MON", "UTC", after: "2026-11-23T09:30:00Z", count: 4)
                == ["2026-11-23T09:40:00Z", "2026-11-23T10:00:00Z", "2026-11-23T10:20:00Z", "2026-11-23T10:40:00Z"])
        #expect(
            try Self.next("5,50 0 1 JAN,JUL *", "UTC", after: "2026-11-23T00:00:00Z", count: 3)
                == ["2027-01-01T00:05:00Z", "2027-01-01T00:50:00Z", "2027-07-01T00:05:00Z"])
        #expect(
            try Self.next("0 0 13 * 5", "UTC", after: "2026-11-23T00:00:00Z", count: 3)
                == ["2026-11-27T00:00:00Z", "2026-12-04T00:00:00Z", "2026-12-11T00:00:00Z"])
        #expect(try Self.next("0 0 * * 7", "UTC", after: "2026-11-23T00:00:00Z") == ["2026-11-29T00:00:00Z"])
        #expect(try Self.next("0 0 29 2 *", "UTC", after: "2026-11-23T00:00:00Z") == ["2028-02-29T00:00:00Z"])
        #expect(try Self.next("0 0 30 2 *", "UTC", after: "2026-11-23T00:00:00Z") == [])
    }

    @Test(arguments: ["* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "*/0 * * * *", "5-1 * * * *", "a * * * *", "1,, * * * *", ""])
    func `what is no crontab line is refused with a sentence`(line: String) {
        #expect(throws: JobQueueError.self) { try Crontab(line) }
    }

    @Test func `an unknown time zone is refused`() {
        #expect(throws: JobQueueError.timeZone("Mars/Olympus")) { try Crontab("* * * * *", zone: "Mars/Olympus") }
    }

    @Test func `in Tokyo nine in the morning is midnight UTC all the year round`() throws {
        #expect(
            try Self.next("0 9 * * *", "Asia/Tokyo", after: "2026-03-08T00:00:00Z", count: 2) == ["2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"])
        #expect(
            try Self.next("0 9 * * *", "Asia/Tokyo", after: "2026-10-31T12:00:00Z", count: 2) == ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"])
    }

    @Test func `in Chicago midnight moves with daylight saving`() throws {
        // Clocks go forward on 8 March 2026 and back on 1 November 2026, at two in the morning.
        #expect(
            try Self.next("0 0 * * *", "America/Chicago", after: "2026-03-07T12:00:00Z", count: 2) == [
                "2026-03-08T06:00:00Z", "2026-03-09T05:00:00Z",
            ])
        #expect(
            try Self.next("0 0 * * *", "America/Chicago", after: "2026-10-31T12:00:00Z", count: 2) == [
                "2026-11-01T05:00:00Z", "2026-11-02T06:00:00Z",
            ])
    }

    @Test func `a time that the clock skips comes once, and as much later as the clock was put forward`() throws {
        #expect(
            try Self.next("30 2 * * *", "America/Chicago", after: "2026-03-07T12:00:00Z", count: 2) == [
                "2026-03-08T08:30:00Z", "2026-03-09T07:30:00Z",
            ])
    }

    @Test func `a time that comes twice is due the first time only`() throws {
        #expect(
            try Self.next("30 1 * * *", "America/Chicago", after: "2026-10-31T12:00:00Z", count: 2) == [
                "2026-11-01T06:30:00Z", "2026-11-02T07:30:00Z",
            ])
    }

    @Test func `a line of every hour goes by the hours that pass, in spring and in autumn`() throws {
        #expect(
            try Self.next("0 * * * *", "America/Chicago", after: "2026-03-08T06:30:00Z", count: 3)
                == ["2026-03-08T07:00:00Z", "2026-03-08T08:00:00Z", "2026-03-08T09:00:00Z"])
        #expect(
            try Self.next("0 * * * *", "America/Chicago", after: "2026-11-01T05:30:00Z", count: 3)
                == ["2026-11-01T06:00:00Z", "2026-11-01T07:00:00Z", "2026-11-01T08:00:00Z"])
    }

    @Test func `looking back finds what looking forward finds`() throws {
        var random = SystemRandomNumberGenerator()
        for line in ["*/7 * * * *", "15 3 * * *", "0 0 1 * *", "30 1 * * SUN", "30 2 * 3 *", "0 12 31 * *"] {
            for zone in ["America/Chicago", "Asia/Tokyo", "Australia/Lord_Howe"] {
                let crontab = try Crontab(line, zone: zone)
                for _ in 1...20 {
                    let start = Date(timeIntervalSince1970: Double(Int.random(in: 1_700_000_000...1_900_000_000, using: &random)))
                    let next = try #require(crontab.next(after: start))
                    #expect(next > start)
                    #expect(crontab.last(after: start, until: next) == next, "\(line) \(zone) \(start)")
                    #expect(crontab.last(after: start, until: next.addingTimeInterval(-1)) == nil, "\(line) \(zone) \(start)")
                }
            }
        }
    }
}
