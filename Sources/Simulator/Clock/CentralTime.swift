/// The zone in which the vendor's day ends.
///
/// The pages say "CST" in one place and "Central Time" in another, so both are here: with the United States' daylight saving
/// (second Sunday of March to first Sunday of November, 02:00 local), or fixed at UTC−6. Source: reference 3.1.
package struct CentralTime: Sendable {
    /// Fixed UTC−6 all year round.
    package var isFixed: Bool

    package init(isFixed: Bool) {
        self.isFixed = isFixed
    }

    /// Seconds to add to UTC at that moment.
    package func offset(at seconds: Int64) -> Int64 {
        guard !self.isFixed else { return -6 * 3_600 }
        let year = CivilTime(seconds: seconds).year
        let begins = Self.sunday(2, of: 3, year: year) + 8 * 3_600
        let ends = Self.sunday(1, of: 11, year: year) + 7 * 3_600
        return (begins..<ends).contains(seconds) ? -5 * 3_600 : -6 * 3_600
    }

    /// The vendor's day, as days since 1970.
    package func day(at seconds: Int64) -> Int64 {
        Int64((Double(seconds + self.offset(at: seconds)) / 86_400).rounded(.down))
    }

    /// The next midnight there, as seconds since 1970 UTC.
    package func nextMidnight(after seconds: Int64) -> Int64 {
        let local = (self.day(at: seconds) + 1) * 86_400
        // Midnight is never inside the hour that is skipped or repeated (02:00), so one correction settles it.
        return local - self.offset(at: local - self.offset(at: seconds))
    }

    /// The n-th Sunday of a month at 00:00 UTC.
    ///
    /// 1970-01-01 was a Thursday.
    private static func sunday(_ nth: Int, of month: Int, year: Int) -> Int64 {
        let first = CivilTime(year: year, month: month, day: 1).seconds / 86_400
        let weekday = ((first + 4) % 7 + 7) % 7
        return (first + (7 - weekday) % 7 + Int64(7 * (nth - 1))) * 86_400
    }
}
