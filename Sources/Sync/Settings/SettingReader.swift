import Foundation

/// Reads the value of one setting as a person typed it.
struct SettingReader {
    let key: SettingKey
    /// Trimmed.
    let value: String

    /// One of a few words, small or capital letters.
    func choice<Choice: SettingChoice>() throws(SettingError) -> Choice {
        let lowered = PlainText.asciiLowered(self.value)
        guard let choice = Choice.allCases.first(where: { PlainText.asciiLowered($0.rawValue) == lowered }) else {
            throw .refused(self.key, self.value, allowed: Choice.allCases.map(\.rawValue).joined(separator: " or "))
        }
        return choice
    }

    /// A whole number.
    func number(in range: ClosedRange<Int>) throws(SettingError) -> Int {
        guard self.value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(self.value), range.contains(number) else {
            throw .refused(self.key, self.value, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Domains, with commas or spaces between; none is fine.
    ///
    /// An "@" before one is forgiven.
    func domains() throws(SettingError) -> Set<EmailDomain> {
        var domains: Set<EmailDomain> = []
        let separators: Set<Unicode.Scalar> = [",", ";", "\u{3001}", "\u{FF0C}"]
        for part in self.value.unicodeScalars.split(whereSeparator: { separators.contains($0) || PlainText.isSpace($0) }) {
            let text = String(part)
            guard let domain = EmailDomain(domain: text.hasPrefix("@") ? String(text.dropFirst()) : text), domain.text.contains("."),
                EmailAddress.isDomain(domain.text)
            else { throw .refused(self.key, self.value, allowed: "domains such as example.co.jp with commas between") }
            domains.insert(domain)
        }
        return domains
    }

    /// A field's REST name.
    func fieldName() throws(SettingError) -> String {
        let isName = self.value.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard isName, (1...255).contains(self.value.utf8.count) else {
            throw .refused(self.key, self.value, allowed: "a field's REST name of letters, digits, _ and -, at most 255")
        }
        return self.value
    }

    /// A time zone that PostgreSQL knows too, so no abbreviation and no bare offset.
    func zone() throws(SettingError) -> String {
        guard self.value.contains("/") || self.value == "UTC", PlainText.isASCII(self.value), TimeZone(identifier: self.value) != nil else {
            throw .refused(self.key, self.value, allowed: "the name of a time zone such as Asia/Tokyo or UTC")
        }
        return self.value
    }
}
