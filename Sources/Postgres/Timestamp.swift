import FoundationEssentials

/// PostgreSQL's reckoning of time (microseconds since 2000-01-01 UTC) and Swift's (`Date`), one into the other.
enum Timestamp {
    /// From Foundation's reference date (2001-01-01) back to PostgreSQL's (2000-01-01).
    private static let referenceMicroseconds: Int64 = 366 * 86_400 * 1_000_000
    /// From 1970-01-01 to 2001-01-01.
    private static let unixSeconds: Int64 = 978_307_200

    /// Rounded to the nearest microsecond; endless ones as PostgreSQL's `infinity`; `nil` for what is no moment (NaN).
    static func microseconds(of date: Date) -> Int64? {
        let seconds = date.timeIntervalSinceReferenceDate
        if seconds.isNaN { return nil }
        guard abs(seconds) < 9_000_000_000_000 else { return seconds < 0 ? .min : .max }
        // Whole seconds and the rest apart: their product with a million would round a second time.
        let whole = seconds.rounded(.down)
        let rest = Int64(((seconds - whole) * 1_000_000).rounded())
        return Int64(whole) * 1_000_000 + rest + Self.referenceMicroseconds
    }

    /// The other way round.
    static func date(fromMicroseconds microseconds: Int64) -> Date {
        switch microseconds {
        case .max: .distantFuture
        case .min: .distantPast
        default: Date(timeIntervalSinceReferenceDate: Double(microseconds - Self.referenceMicroseconds) / 1_000_000)
        }
    }

    /// Reads `2026-11-23 20:11:11.123456+00`, with any offset, year and `BC`; `infinity` is the distant future.
    static func date(fromText text: UnsafeBufferPointer<UInt8>) -> Date? {
        var reader = DigitReader(text)
        if let first = text.first, first == UInt8(ascii: "i") { return .distantFuture }
        if text.count > 1, text[0] == UInt8(ascii: "-"), text[1] == UInt8(ascii: "i") { return .distantPast }
        guard var year = reader.number(), reader.skip("-"), let month = reader.number(), reader.skip("-"), let day = reader.number(),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var seconds: Int64 = 0
        var microseconds: Int64 = 0
        var hasMore = reader.skip(" ")
        if hasMore, reader.isAtDigit {
            guard let hour = reader.number(), reader.skip(":"), let minute = reader.number(), reader.skip(":"), let second = reader.number(),
                hour <= 24, minute < 60, second <= 60
            else { return nil }
            seconds = hour * 3_600 + minute * 60 + second
            if reader.skip(".") {
                guard let fraction = reader.fraction() else { return nil }
                microseconds = fraction
            }
            let east = reader.skip("+")
            if east || reader.skip("-") {
                guard let hours = reader.number(), hours < 100 else { return nil }
                var offset = hours * 3_600
                if reader.skip(":") {
                    guard let minutes = reader.number(), minutes < 60 else { return nil }
                    offset += minutes * 60
                }
                if reader.skip(":") {
                    guard let rest = reader.number(), rest < 60 else { return nil }
                    offset += rest
                }
                seconds -= east ? offset : -offset
            }
            hasMore = reader.skip(" ")
        }
        if hasMore {
            guard reader.skip("B"), reader.skip("C") else { return nil }
            year = 1 - year
        }
        // PostgreSQL's own limit is the year 5874897; within it nothing below overflows but the last step.
        guard reader.isAtEnd, abs(year) < 10_000_000 else { return nil }
        let whole = Self.days(year: year, month: month, day: day) * 86_400 + seconds - Self.unixSeconds
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: 1_000_000)
        // So far away a microsecond is less than a Date can tell apart.
        if overflow { return Date(timeIntervalSinceReferenceDate: Double(whole)) }
        let (total, isTooFar) = scaled.addingReportingOverflow(microseconds)
        return Date(timeIntervalSinceReferenceDate: isTooFar ? Double(whole) : Double(total) / 1_000_000)
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar, counting years from March so that a leap day comes last.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

/// Reads digits and single characters from left to right.
struct DigitReader {
    private let text: UnsafeBufferPointer<UInt8>
    private var index = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    var isAtEnd: Bool { self.index == self.text.count }
    var isAtDigit: Bool { self.index < self.text.count && (48...57).contains(self.text[self.index]) }

    /// Steps over `character` if it is next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard self.index < self.text.count, UInt32(self.text[self.index]) == character.value else { return false }
        self.index += 1
        return true
    }

    /// The digits that come next, at most 18.
    mutating func number() -> Int64? {
        let start = self.index
        var value: Int64 = 0
        while self.index < self.text.count, case let digit = self.text[self.index] &- 48, digit < 10 {
            guard self.index - start < 18 else { return nil }
            value = value * 10 + Int64(digit)
            self.index += 1
        }
        return self.index == start ? nil : value
    }

    /// Digits after a decimal point, as millionths.
    mutating func fraction() -> Int64? {
        let start = self.index
        guard var value = self.number() else { return nil }
        guard self.index - start <= 6 else { return nil }
        for _ in (self.index - start)..<6 { value *= 10 }
        return value
    }
}
