import NIOCore

/// Calendar arithmetic in UTC on whole seconds since 1970, without a locale or a formatter behind it: a page writes 600 of these.
package struct CivilTime: Sendable, Equatable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour = 0
    package var minute = 0
    package var second = 0

    /// The calendar date and time of a moment.
    package init(seconds: Int64) {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = Int(seconds) - days * 86_400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        self.month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        self.year = yearOfEra + era * 400 + (self.month <= 2 ? 1 : 0)
        (self.hour, self.minute, self.second) = (rest / 3_600, rest / 60 % 60, rest % 60)
    }

    /// A date and time as given; not checked.
    package init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        (self.year, self.month, self.day, self.hour, self.minute, self.second) = (year, month, day, hour, minute, second)
    }

    /// Seconds since 1970, the fields taken as UTC.
    package var seconds: Int64 {
        let year = self.month <= 2 ? self.year - 1 : self.year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (self.month > 2 ? self.month - 3 : self.month + 9) + 2) / 5 + self.day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return Int64(days * 86_400 + self.hour * 3_600 + self.minute * 60 + self.second)
    }

    /// `2021-11-23`.
    package var date: String {
        String(decoding: self.bytes.prefix(10), as: UTF8.self)
    }

    /// `2021-11-23T22:57:08Z`, the lead database's shape (R).
    package var zulu: String {
        String(decoding: self.bytes, as: UTF8.self)
    }

    /// `2023-01-26 18:46:00`, the shape inside Change Data Value (R).
    package var zoneless: String {
        String(self.zulu.dropLast().map { $0 == "T" ? " " : $0 })
    }

    /// Quoted, into a page.
    static func writeJSON(_ seconds: Int64, to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeBytes(CivilTime(seconds: seconds).bytes)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private var bytes: [UInt8] {
        func two(_ value: Int) -> (UInt8, UInt8) { (UInt8(48 + value / 10 % 10), UInt8(48 + value % 10)) }
        let (century, years, months) = (two(self.year / 100), two(self.year % 100), two(self.month))
        let (days, hours, minutes, seconds) = (two(self.day), two(self.hour), two(self.minute), two(self.second))
        return [
            century.0, century.1, years.0, years.1, 45, months.0, months.1, 45, days.0, days.1, 84,
            hours.0, hours.1, 58, minutes.0, minutes.1, 58, seconds.0, seconds.1, 90,
        ]
    }
}
