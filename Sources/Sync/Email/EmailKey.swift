/// An e-mail address in the form in which two are compared.
///
/// NFKC, trimmed, A–Z made small, the domain as in `EmailDomain`. Says nothing about validity: a contact may carry any text. The twin of
/// `crm.email_key`. Source: R41.
package struct EmailKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// `taro@example.co.jp`.
    package let text: String

    /// The key of an address as it was typed; `nil` if it is blank.
    package init?(_ email: String?) {
        guard let email else { return nil }
        let cleaned = PlainText.trimmed(PlainText.nfkc(email))
        guard !cleaned.isEmpty else { return nil }
        if PlainText.isASCII(cleaned) {
            let lowered = PlainText.asciiLowered(cleaned)
            let endsInDot = lowered.utf8.last == UInt8(ascii: ".") && lowered.utf8.contains(UInt8(ascii: "@"))
            self.text = endsInDot ? String(lowered.dropLast()) : lowered
            return
        }
        guard let at = cleaned.utf8.lastIndex(of: UInt8(ascii: "@")) else {
            self.text = PlainText.nfkc(PlainText.asciiLowered(cleaned))
            return
        }
        let domainStart = cleaned.utf8.index(after: at)
        self.text =
            PlainText.nfkc(PlainText.asciiLowered(String(cleaned[..<domainStart]))) + EmailDomain.normal(String(cleaned[domainStart...]))
    }

    /// A key that was read back from the database.
    package init(stored text: String) { self.text = text }

    /// What follows the last "@", in its own normal form as well; `nil` without an "@" or with nothing behind it.
    var domain: EmailDomain? {
        self.text.utf8.lastIndex(of: UInt8(ascii: "@")).flatMap { EmailDomain(normal: String(self.text[self.text.utf8.index(after: $0)...])) }
    }

    /// The address as compared.
    ///
    /// It is personal data: nothing for a log.
    package var description: String { self.text }

    /// By the bytes of the text, as in the database.
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
