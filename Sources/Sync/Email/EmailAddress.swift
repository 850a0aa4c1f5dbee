/// An e-mail address that may be registered.
///
/// Valid = HTML5's pattern, judged after NFKC, trimming and A-label, and at least one dot in the domain. The old forms of the Japanese carriers
/// with `..` and `.@` are valid by it. Source: R65 and REQUIREMENTS section 9.
package struct EmailAddress: Hashable, Sendable {
    /// As received but trimmed: what a contact shows.
    package let text: String
    /// How it is compared (R41).
    package let key: EmailKey
    /// What follows the "@" (R44).
    package let domain: EmailDomain

    /// What a lead's e-mail field turned out to be.
    package enum Reading: Hashable, Sendable {
        /// Blank or absent; no error by itself (D10).
        case missing
        /// There is something, but no address.
        case invalid(String)
        /// An address.
        case valid(EmailAddress)
    }

    /// Reads a field as Marketo gave it.
    package static func read(_ raw: String?) -> Reading {
        guard let raw, let key = EmailKey(raw) else { return .missing }
        let text = PlainText.trimmed(raw)
        guard Self.hasLabelsOfLetters(raw, trimmed: text), Self.isValid(key.text), let domain = key.domain else { return .invalid(text) }
        return .valid(EmailAddress(text: text, key: key, domain: domain))
    }

    private init(text: String, key: EmailKey, domain: EmailDomain) {
        self.text = text
        self.key = key
        self.domain = domain
    }

    /// What the A-labels of the key no longer show: whether they stand for letters, marks and digits (no zero-width space, no emoji), and whether
    /// there was a dot at the end, which is right to drop for comparing and wrong for judging.
    private static func hasLabelsOfLetters(_ raw: String, trimmed: String) -> Bool {
        if PlainText.isASCII(trimmed) { return trimmed.utf8.last != UInt8(ascii: ".") }
        let scalars = PlainText.trimmed(PlainText.nfkc(raw)).unicodeScalars
        guard let at = scalars.lastIndex(of: "@"), let last = scalars.last, ![0x2E, 0x3002].contains(last.value) else { return false }
        return scalars[at...].allSatisfy { scalar in
            if scalar.isASCII || scalar.value == 0x3002 || scalar.value == 0x30FB { return true }
            return switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .decimalNumber,
                .letterNumber:
                true
            default: false
            }
        }
    }

    private static func isValid(_ address: String) -> Bool {
        let bytes = Array(address.utf8)
        guard let at = bytes.firstIndex(of: UInt8(ascii: "@")), at > 0, bytes[..<at].allSatisfy(Self.isLocal) else { return false }
        return Self.isDomain(bytes[(at + 1)...])
    }

    /// Whether a normalised domain has at least one dot and only labels that may be.
    static func isDomain(_ domain: String) -> Bool { Self.isDomain(Array(domain.utf8)[...]) }

    private static func isDomain(_ bytes: ArraySlice<UInt8>) -> Bool {
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count > 1 && labels.allSatisfy(Self.isLabel)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private static func isLocal(_ byte: UInt8) -> Bool { Self.isLetterOrDigit(byte) || ".!#$%&'*+/=?^_`{|}~-".utf8.contains(byte) }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        guard (1...63).contains(label.count), let first = label.first, let last = label.last else { return false }
        return Self.isLetterOrDigit(first) && Self.isLetterOrDigit(last)
            && label.allSatisfy { Self.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }
}
