import FoundationEssentials

/// Marketo's ways to write a moment.
///
/// `2021-11-23T22:57:08Z` today; in older and other answers `2014-11-13 12:43:04` (no zone: UTC), `2015-05-07T11:47:30-08:00`,
/// `2014-09-17T22:31:49+0000`, `2021-11-23T22:57:24Z+0000` (both), with milliseconds, or a bare date (its first second, UTC).
enum VendorTime {
    /// `nil` when `text` is in none of these shapes or names a day or an hour that does not exist.
    static func date(_ text: String) -> Date? {
        var scan = Scan(text.utf8)
        guard let year = scan.number(4), scan.skip("-"), let month = scan.number(2), scan.skip("-"), let day = scan.number(2),
            let days = Self.days(year, month, day)
        else { return nil }
        if scan.isAtEnd { return Date(timeIntervalSince1970: Double(days) * 86_400) }
        guard scan.skip("T") || scan.skip(" "), let hour = scan.number(2), scan.skip(":"), let minute = scan.number(2), hour < 24, minute < 60 else {
            return nil
        }
        var second = 0
        var fraction = 0.0
        if scan.skip(":") {
            guard let seconds = scan.number(2), seconds <= 60 else { return nil }
            second = seconds
            if scan.skip(".") {
                guard let part = scan.fraction() else { return nil }
                fraction = part
            }
        }
        let isZulu = scan.skip("Z")
        guard let offset = Self.offset(&scan), scan.isAtEnd, !isZulu || offset == 0 else { return nil }
        return Date(timeIntervalSince1970: Double(days * 86_400 + hour * 3600 + minute * 60 + second - offset) + fraction)
    }

    /// As the API likes to get it: whole seconds, `Z`.
    ///
    /// Rounded down, so that a "since" never skips anything.
    static func text(_ date: Date) -> String {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let (days, rest) = (Self.floorDivide(seconds, 86_400), ((seconds % 86_400) + 86_400) % 86_400)
        let (year, month, day) = Self.civil(days)
        return Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2) + "T" + Self.padded(rest / 3600, 2) + ":"
            + Self.padded(rest / 60 % 60, 2) + ":" + Self.padded(rest % 60, 2) + "Z"
    }

    /// Seconds east of Greenwich; 0 when nothing is written, `nil` when what is written is no offset.
    private static func offset(_ scan: inout Scan) -> Int? {
        let sign: Int
        if scan.skip("+") { sign = 1 } else if scan.skip("-") { sign = -1 } else { return 0 }
        guard let hours = scan.number(2), hours <= 18 else { return nil }
        if scan.isAtEnd { return sign * hours * 3600 }
        _ = scan.skip(":")
        guard let minutes = scan.number(2), minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    /// Days from 1970-01-01 in the Gregorian calendar, counted from March so that the leap day comes last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int? {
        guard (1...12).contains(month), day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[month - 1] else { return nil }
        let marchYear = month <= 2 ? year - 1 : year
        let era = Self.floorDivide(marchYear, 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func floorDivide(_ value: Int, _ by: Int) -> Int { (value >= 0 ? value : value - by + 1) / by }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

extension VendorTime {
    /// A place in a text that moves forward only over what was expected there.
    private struct Scan {
        private var rest: Substring.UTF8View

        init(_ text: String.UTF8View) { self.rest = text[...] }

        var isAtEnd: Bool { self.rest.isEmpty }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard let byte = self.rest.first, UInt32(byte) == character.value else { return false }
            self.rest.removeFirst()
            return true
        }

        /// Exactly `count` digits.
        mutating func number(_ count: Int) -> Int? {
            var value = 0
            for _ in 0..<count {
                guard let digit = self.digit() else { return nil }
                value = value * 10 + digit
            }
            return value
        }

        /// One digit or more, behind the point.
        mutating func fraction() -> Double? {
            var value = 0.0
            var scale = 0.1
            guard let first = self.digit() else { return nil }
            value += Double(first) * scale
            while let digit = self.digit() {
                scale /= 10
                value += Double(digit) * scale
            }
            return value
        }

        private mutating func digit() -> Int? {
            guard let byte = self.rest.first, byte &- UInt8(ascii: "0") < 10 else { return nil }
            self.rest.removeFirst()
            return Int(byte - UInt8(ascii: "0"))
        }
    }
}
