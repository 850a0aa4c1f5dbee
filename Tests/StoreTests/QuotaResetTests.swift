import Foundation
import Testing

@testable import Store

/// When the vendor's day turns, on every day of seven years; Foundation's calendar is the witness.
@Suite struct QuotaResetTests {
    private struct Moment {
        let time: Date
        let reset: Date
    }

    /// Each half hour from 2024 to 2030, the last second before each of them, and what the database makes of it.
    private func moments(in zone: String, _ store: StoreDatabase) async throws -> [Moment] {
        let texts = try await store.texts(
            """
            SELECT extract(epoch FROM t)::bigint || ' ' || extract(epoch FROM sync.quota_reset(t, '\(zone)'))::bigint
            FROM generate_series('2024-01-01T00:00:00Z'::timestamptz, '2030-12-31T23:30:00Z', '30 minutes') AS half,
                LATERAL (VALUES (half), (half - interval '1 second')) AS both_sides (t)
            """)
        return texts.compactMap { $0?.split(separator: " ").compactMap { Double($0) } }.map {
            Moment(time: Date(timeIntervalSince1970: $0[0]), reset: Date(timeIntervalSince1970: $0[1]))
        }
    }

    @Test(arguments: ["America/Chicago", "Asia/Tokyo", "Europe/London"])
    func `matrix 3.5, daylight saving: at any time from 2024 to 2030 the reset is the next midnight there, at most 25 h away`(zone: String)
        async throws
    {
        try await withStore { store in
            let moments = try await self.moments(in: zone, store)
            #expect(moments.count == 2 * 48 * 2_557)
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = try #require(TimeZone(identifier: zone))
            var midnights: Set<Date> = []
            var wrong: [String] = []
            for moment in moments {
                let ahead = moment.reset.timeIntervalSince(moment.time)
                // No midnight in between: an instant before the reset it is still the same day.
                if ahead > 0, ahead <= 25 * 3_600, midnights.contains(moment.reset) || calendar.startOfDay(for: moment.reset) == moment.reset,
                    calendar.isDate(moment.time, inSameDayAs: moment.reset - 1)
                {
                    midnights.insert(moment.reset)
                } else {
                    wrong.append("at \(moment.time): \(moment.reset)")
                }
            }
            #expect(wrong.prefix(5) == [])
            let days = midnights.sorted()
            let lengths = Dictionary(grouping: zip(days, days.dropFirst()).map { Int($1.timeIntervalSince($0)) / 3_600 }) { $0 }.mapValues(\.count)
            // Seven springs and seven autumns.
            #expect(lengths[23, default: 0] == (zone == "Asia/Tokyo" ? 0 : 7) && lengths[25, default: 0] == (zone == "Asia/Tokyo" ? 0 : 7))
            #expect(Set(lengths.keys).isSubset(of: [23, 24, 25]))
        }
    }

    @Test func `matrix 3.5, daylight saving: the reset is at 15.00 in Tokyo in winter and at 14.00 in summer`() async throws {
        try await withStore { store in
            for (day, hour) in [
                ("2026-01-15", "15:00"), ("2026-03-07", "15:00"), ("2026-03-09", "14:00"), ("2026-07-15", "14:00"), ("2026-11-02", "15:00"),
            ] {
                let asked = "sync.quota_reset('\(day) 12:00+09', 'America/Chicago') AT TIME ZONE 'Asia/Tokyo'"
                let reset = try await store.text("SELECT to_char(\(asked), 'YYYY-MM-DD HH24:MI')")
                #expect(reset == "\(day) \(hour)")
            }
        }
    }
}
