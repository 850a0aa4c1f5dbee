/// Text and its escapes.
extension JSONReader {
    mutating func scanString() throws(JSONError) -> (range: Range<Int>, hasEscapes: Bool) {
        self.position += 1
        let start = self.position
        var hasEscapes = false
        while self.position < self.bytes.count {
            let byte = self.bytes[self.position]
            if byte == UInt8(ascii: "\"") {
                let range = start..<self.position
                self.position += 1
                return (range, hasEscapes)
            }
            guard byte >= 0x20 else { throw self.error(.unexpected) }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                self.position += 1
            }
            self.position += 1
        }
        self.position = self.bytes.count
        throw self.error(.cutShort)
    }

    /// The text of `range`; `nil` when that is not UTF-8.
    func string(_ range: Range<Int>) -> String? { String(validating: self.bytes[range], as: UTF8.self) }

    /// The same, escapes resolved.
    func unescape(_ range: Range<Int>) throws(JSONError) -> String? {
        var utf8: [UInt8] = []
        utf8.reserveCapacity(range.count)
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = self.bytes[at]
            at += 1
            guard byte == UInt8(ascii: "\\") else {
                utf8.append(byte)
                continue
            }
            guard at < range.upperBound else { throw JSONError(reason: .badEscape, offset: at) }
            let kind = self.bytes[at]
            at += 1
            switch kind {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): utf8.append(kind)
            case UInt8(ascii: "b"): utf8.append(0x08)
            case UInt8(ascii: "f"): utf8.append(0x0C)
            case UInt8(ascii: "n"): utf8.append(0x0A)
            case UInt8(ascii: "r"): utf8.append(0x0D)
            case UInt8(ascii: "t"): utf8.append(0x09)
            case UInt8(ascii: "u"): utf8.append(contentsOf: Array(String(try self.scalar(&at, before: range.upperBound)).utf8))
            default: throw JSONError(reason: .badEscape, offset: at - 1)
            }
        }
        return String(validating: utf8, as: UTF8.self)
    }

    /// The character of one `\u` escape, or of two that are a surrogate pair; `at` stands behind the `u`.
    private func scalar(_ at: inout Int, before end: Int) throws(JSONError) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let first = try self.hex4(&at, before: end)
        guard (0xD800...0xDFFF).contains(first) else { return Unicode.Scalar(first) ?? replacement }
        guard first < 0xDC00, at + 6 <= end, self.bytes[at] == UInt8(ascii: "\\"), self.bytes[at + 1] == UInt8(ascii: "u") else {
            return replacement
        }
        var next = at + 2
        let second = try self.hex4(&next, before: end)
        // Not its other half: that escape stands for itself and is read next.
        guard (0xDC00...0xDFFF).contains(second) else { return replacement }
        at = next
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? replacement
    }

    private func hex4(_ at: inout Int, before end: Int) throws(JSONError) -> UInt32 {
        guard at + 4 <= end else { throw JSONError(reason: .badEscape, offset: at) }
        var value: UInt32 = 0
        for byte in self.bytes[at..<at + 4] {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw JSONError(reason: .badEscape, offset: at)
            }
            value = value << 4 | UInt32(digit)
        }
        at += 4
        return value
    }
}
