import Foundation
@_spi(_Unicode) import Swift

/// How texts are made comparable: the same steps as the functions of schema `crm`, so that both sides agree byte by byte.
///
/// Works on Unicode scalars, never on `Character`: there CRLF is one, and a combining mark hides the letter before it.
/// Texts that are plain ASCII, as most are, take a way that does without Foundation.
package enum PlainText {
    /// White space: U+0009–000D, 0020, 0085, 00A0, 1680, 2000–200A, 2028, 2029, 202F, 205F, 3000; nothing else, whatever a locale thinks.
    package static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Whether every byte is below 128.
    package static func isASCII(_ text: some StringProtocol) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

    /// The text in NFKC: full-width letters, half-width kana and ㈱ become their plain forms.
    ///
    /// Foundation takes apart and the standard library puts together. Foundation's own NFKC leaves `ｶﾞ` as two scalars and some Hangul in pieces, so
    /// its keys would not be PostgreSQL's; the standard library's NFC, which `==` rests on, is right but has no public name yet.
    /// A vowel of old Korean, U+11A7, is dropped behind a syllable of two letters, as PostgreSQL loses it there (`crm.trimmed`).
    package static func nfkc(_ text: String) -> String {
        if Self.isASCII(text) { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in Self.withoutLostVowel(text.decomposedStringWithCompatibilityMapping)._nfc { scalars.append(scalar) }
        return String(scalars)
    }

    private static func withoutLostVowel(_ decomposed: String) -> String {
        guard decomposed.unicodeScalars.contains("\u{11A7}") else { return decomposed }
        var kept: [Unicode.Scalar] = []
        for scalar in decomposed.unicodeScalars {
            let (first, second) = (kept.dropLast().last ?? scalar, kept.last ?? scalar)
            let isBehindSyllable = "\u{1100}"..."\u{1112}" ~= first && "\u{1161}"..."\u{1175}" ~= second
            if scalar != "\u{11A7}" || !isBehindSyllable { kept.append(scalar) }
        }
        return String(String.UnicodeScalarView(kept))
    }

    /// Without white space at both ends.
    package static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !Self.isSpace($0) }), let last = scalars.lastIndex(where: { !Self.isSpace($0) }) else {
            return ""
        }
        if first == scalars.startIndex, scalars.index(after: last) == scalars.endIndex { return text }
        return String(scalars[first...last])
    }

    /// Trimmed, and each run of white space inside made one U+0020.
    package static func squeezed(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isPending = false
        for scalar in text.unicodeScalars {
            if Self.isSpace(scalar) {
                isPending = !result.isEmpty
            } else {
                if isPending { result.append(" ") }
                isPending = false
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The text as it came, or `nil` if it is white space only: blank means "none".
    package static func nonBlank(_ text: String?) -> String? {
        guard let text, text.unicodeScalars.contains(where: { !Self.isSpace($0) }) else { return nil }
        return text
    }

    /// A to Z made small; every other letter stays, in whatever language.
    package static func asciiLowered(_ text: String) -> String {
        guard text.utf8.contains(where: { (0x41...0x5A).contains($0) }) else { return text }
        return String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    }

    /// The text without U+0000, or `nil` if there is none in it.
    package static func withoutNullCharacters(_ text: String) -> String? {
        guard text.utf8.contains(0) else { return nil }
        return String(decoding: text.utf8.filter { $0 != 0 }, as: UTF8.self)
    }
}
