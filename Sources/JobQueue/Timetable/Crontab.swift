package import Foundation

/// When something is due, as a line of a crontab in a time zone.
///
/// - Shape: `minute hour day-of-month month day-of-week`, each `*`, a number, a range `1-5`, a list `0,30`, a step `*/15` or `10-50/20`; names `JAN`, `MON`; Sunday is 0 or 7.
///   When both days are restricted either of them suffices, as in every cron.
/// - Daylight saving: a line that names its hours is due once on each day that matches: a time that the clock skips is due as much later as the clock was put forward, a time
///   that comes twice is due the first time. A line with every hour (`*`) follows the clock of real time: each hour that passes, once.
package struct Crontab: Sendable, Hashable {
    /// As given.
    package let line: String
    /// The zone whose wall clock it means.
    package let zone: TimeZone

    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    private let isEveryHour: Bool
    private let eitherDay: Bool

    /// Reads a line.
    ///
    /// `zone`: a name such as `Asia/Tokyo`.
    ///
    /// - Ends: `JobQueueError.crontab` or `.timeZone`, with a sentence.
    package init(_ line: String, zone: String = "UTC") throws(JobQueueError) {
        guard let zone = TimeZone(identifier: zone) else { throw .timeZone(zone) }
        let fields = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        guard fields.count == 5 else { throw .crontab("A crontab line has five fields; \"\(line)\" has \(fields.count).") }
        self.line = line
        self.zone = zone
        self.minutes = try CrontabField.values(of: fields[0], in: 0...59)
        self.hours = try CrontabField.values(of: fields[1], in: 0...23)
        self.days = try CrontabField.values(of: fields[2], in: 1...31)
        self.months = try CrontabField.values(of: fields[3], in: 1...12, names: CrontabField.months)
        self.weekdays = Set(try CrontabField.values(of: fields[4], in: 0...7, names: CrontabField.weekdays).map { $0 % 7 })
        self.isEveryHour = fields[1].hasPrefix("*")
        self.eitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
    }

    /// The next moment after `date`; `nil` when there is none within nine years (the 30th of February).
    package func next(after date: Date) -> Date? {
        let from = CivilDay(containing: date, in: self.zone)
        // Nine years hold a 29th of February even round a century without one. The day before is looked at, too: its skipped times may lie ahead.
        for offset in -1...3_288 {
            let day = from.advanced(by: offset)
            guard self.matches(day), let due = self.moments(on: day).first(where: { $0 > date }) else { continue }
            return due
        }
        return nil
    }

    /// The last moment in `(start, end]`; `nil` when there is none.
    package func last(after start: Date, until end: Date) -> Date? {
        guard start < end else { return nil }
        let first = CivilDay(containing: start, in: self.zone).advanced(by: -1)
        var day = CivilDay(containing: end, in: self.zone).advanced(by: 1)
        while day.number >= first.number {
            if self.matches(day), let due = self.moments(on: day).last(where: { $0 <= end }) { return due > start ? due : nil }
            day = day.advanced(by: -1)
        }
        return nil
    }

    private func matches(_ day: CivilDay) -> Bool {
        guard self.months.contains(day.month) else { return false }
        let isDay = self.days.contains(day.day)
        let isWeekday = self.weekdays.contains(day.weekday)
        return self.eitherDay ? isDay || isWeekday : isDay && isWeekday
    }

    /// All moments of a day that matches, in order.
    private func moments(on day: CivilDay) -> [Date] {
        var moments: Set<Date> = []
        for hour in self.hours {
            for minute in self.minutes {
                let (real, skipped) = day.moments(hour: hour, minute: minute, in: self.zone)
                if self.isEveryHour {
                    moments.formUnion(real)
                } else if let moment = real.first ?? skipped {
                    moments.insert(moment)
                }
            }
        }
        return moments.sorted()
    }
}
