import Foundation

/// A day of the Gregorian calendar, and which moments its times of day are in a zone.
///
/// Plain arithmetic: only the zone's offsets are asked for.
struct CivilDay: Sendable, Equatable {
    /// Days since 1 January 1970.
    let number: Int

    /// The day it is in `zone` at `date`.
    init(containing date: Date, in zone: TimeZone) {
        let local = date.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: date))
        self.number = Int((local / 86_400).rounded(.down))
    }

    private init(number: Int) { self.number = number }

    /// So many days later.
    func advanced(by days: Int) -> CivilDay { CivilDay(number: self.number + days) }

    /// 0 is Sunday.
    ///
    /// The first of January 1970 was a Thursday.
    var weekday: Int { ((self.number + 4) % 7 + 7) % 7 }

    /// From 1 to 12.
    var month: Int { self.monthAndDay.month }

    /// From 1 to 31.
    var day: Int { self.monthAndDay.day }

    /// Counted in eras of 400 years that begin on 1 March, so that the leap day comes last.
    private var monthAndDay: (month: Int, day: Int) {
        let shifted = self.number + 719_468
        let dayOfEra = (shifted % 146_097 + 146_097) % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        return (monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// The moments at which the wall clock shows a time on this day: none when it is skipped, two when it comes twice.
    ///
    /// - Returns: the real ones in order, and for a skipped time the moment it would be had the clock not been put forward.
    func moments(hour: Int, minute: Int, in zone: TimeZone) -> (real: [Date], skipped: Date?) {
        let wall = Double(self.number * 86_400 + hour * 3_600 + minute * 60)
        let before = zone.secondsFromGMT(for: Date(timeIntervalSince1970: wall - 86_400))
        let after = zone.secondsFromGMT(for: Date(timeIntervalSince1970: wall + 86_400))
        let candidates = before == after ? [before] : [before, after]
        let real = candidates.map { offset in (offset, Date(timeIntervalSince1970: wall - Double(offset))) }
            .filter { offset, date in zone.secondsFromGMT(for: date) == offset }
            .map(\.1)
        return (real.sorted(), real.isEmpty ? Date(timeIntervalSince1970: wall - Double(before)) : nil)
    }
}
