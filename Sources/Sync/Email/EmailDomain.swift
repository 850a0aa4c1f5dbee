/// What follows the last "@" of an e-mail address, in the form in which two are compared.
///
/// NFKC, letters made small by a fixed table, ideographic dots made dots, one dot at the end removed, other scripts as A-labels. Sub-domains are
/// different domains. The twin of `crm.email_domain`. Source: R44.
package struct EmailDomain: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// `example.co.jp`.
    package let text: String

    /// The domain of an address in any spelling; `nil` without an "@" or with nothing behind it.
    package init?(email: String?) {
        guard let email else { return nil }
        let cleaned = PlainText.trimmed(PlainText.nfkc(email))
        guard let at = cleaned.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        self.init(domain: String(cleaned[cleaned.utf8.index(after: at)...]))
    }

    /// A domain in any spelling, as `own-domains` lists them; `nil` if nothing is left of it.
    package init?(domain: String) {
        let text = Self.normal(domain)
        guard !text.isEmpty else { return nil }
        self.text = text
    }

    /// A domain that is in its normal form already; `nil` if it is empty.
    init?(normal text: String) {
        guard !text.isEmpty else { return nil }
        self.text = text
    }

    /// The domain itself.
    package var description: String { self.text }

    /// By the bytes of the text, as in the database.
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    /// A domain as it is compared; may be empty.
    static func normal(_ domain: String) -> String {
        if PlainText.isASCII(domain) { return Self.withoutLastDot(PlainText.asciiLowered(domain)) }
        var scalars = String.UnicodeScalarView()
        for scalar in PlainText.nfkc(domain).unicodeScalars { scalars.append(Self.lowered(scalar)) }
        // Once more, as a mark may join a small letter that it could not join before: H + U+0331 stays two, h + U+0331 is one.
        let text = Self.withoutLastDot(PlainText.nfkc(String(scalars)))
        if PlainText.isASCII(text) { return text }
        return text.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false)
            .map { String($0) }
            .map { PlainText.isASCII($0) ? $0 : "xn--" + Punycode.encode($0) }
            .joined(separator: ".")
    }

    private static func withoutLastDot(_ text: String) -> String {
        text.utf8.last == UInt8(ascii: ".") ? String(text.unicodeScalars.dropLast()) : text
    }

    /// The fixed table: ASCII, Latin-1, Greek, Cyrillic, and the three dots of Japanese input methods.
    private static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let value = scalar.value
        let changed: UInt32 =
            switch value {
            case 0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE, 0x391...0x3A1, 0x3A3...0x3A9, 0x410...0x42F: value + 0x20
            case 0x400...0x40F: value + 0x50
            case 0x3002, 0xFF0E, 0xFF61: 0x2E
            default: value
            }
        return Unicode.Scalar(changed) ?? scalar
    }
}
