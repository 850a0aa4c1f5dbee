/// A phone number in the form in which two are compared: its digits.
///
/// NFKC first, so full-width digits count; hyphens of every sort, brackets, spaces and "+" do not. The twin of `crm.phone_key`; with
/// `phone-country=81` also `regexp_replace(key, '^810?([1-9][0-9]{8,9})$', '0\1')`. Source: R47.
package struct PhoneKey: Hashable, Sendable, CustomStringConvertible {
    /// `0312345678`.
    package let digits: String

    /// The key of a number as it was typed; `nil` if there is no digit in it.
    package init?(_ phone: String?, country: TenantSettings.PhoneCountry = .off) {
        guard let phone else { return nil }
        let digits = PlainText.nfkc(phone).utf8.filter { (0x30...0x39).contains($0) }
        guard !digits.isEmpty else { return nil }
        let text = String(decoding: digits, as: UTF8.self)
        self.digits =
            switch country {
            case .off: text
            case .japan: Self.domestic(text)
            }
    }

    /// A key that was read back.
    init(stored digits: String) { self.digits = digits }

    /// The digits.
    package var description: String { self.digits }

    /// The values of `crm.accounts.phone_key` that count as this number: itself, and under `phone-country=81` its international spellings.
    package func spellings(country: TenantSettings.PhoneCountry) -> [String] {
        guard country == .japan, self.digits.utf8.first == UInt8(ascii: "0") else { return [self.digits] }
        let national = self.digits.dropFirst()
        return [self.digits] + ["81\(national)", "810\(national)"].filter { Self.domestic($0) == self.digits }
    }

    private static func domestic(_ digits: String) -> String {
        guard digits.hasPrefix("81") else { return digits }
        var national = digits.dropFirst(2)
        if national.first == "0" { national = national.dropFirst() }
        guard (9...10).contains(national.utf8.count), national.first != "0" else { return digits }
        return "0" + national
    }
}
