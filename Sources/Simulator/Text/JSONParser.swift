/// Reads RFC 8259 JSON without turning numbers into floating point.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// One value and nothing after it.
    mutating func document() -> JSONValue? {
        guard let value = self.value() else { return nil }
        self.skipSpace()
        return self.position == self.bytes.count ? value : nil
    }

    private mutating func value() -> JSONValue? {
        self.skipSpace()
        guard let byte = self.peek, self.depth < 64 else { return nil }
        switch byte {
        case UInt8(ascii: "{"): return self.object()
        case UInt8(ascii: "["): return self.array()
        case UInt8(ascii: "\""): return self.string().map(JSONValue.string)
        case UInt8(ascii: "t"): return self.word("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return self.word("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return self.word("null") ? .null : nil
        default: return self.number()
        }
    }

    private mutating func object() -> JSONValue? {
        self.position += 1
        self.depth += 1
        defer { self.depth -= 1 }
        var members: [JSONValue.Member] = []
        self.skipSpace()
        if self.take("}") { return .object([]) }
        while true {
            self.skipSpace()
            guard self.peek == UInt8(ascii: "\""), let name = self.string() else { return nil }
            self.skipSpace()
            guard self.take(":"), let value = self.value() else { return nil }
            members.append(.init(name: name, value: value))
            self.skipSpace()
            if self.take(",") { continue }
            return self.take("}") ? .object(members) : nil
        }
    }

    private mutating func array() -> JSONValue? {
        self.position += 1
        self.depth += 1
        defer { self.depth -= 1 }
        var elements: [JSONValue] = []
        self.skipSpace()
        if self.take("]") { return .array([]) }
        while true {
            guard let value = self.value() else { return nil }
            elements.append(value)
            self.skipSpace()
            if self.take(",") { continue }
            return self.take("]") ? .array(elements) : nil
        }
    }

    private mutating func number() -> JSONValue? {
        let start = self.position
        while let byte = self.peek, (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte) { self.position += 1 }
        let text = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
        return Double(text) == nil ? nil : .number(text)
    }

    private mutating func string() -> String? {
        self.position += 1
        let start = self.position
        while let byte = self.peek, byte != 0x22, byte != 0x5C, byte >= 0x20 { self.position += 1 }
        if self.peek == 0x22 {
            self.position += 1
            return String(validating: self.bytes[start..<(self.position - 1)], as: UTF8.self)
        }
        return self.escapedString(from: start)
    }

    private mutating func escapedString(from start: Int) -> String? {
        var units = Array(self.bytes[start..<self.position])
        while let byte = self.peek {
            self.position += 1
            if byte == 0x22 { return String(validating: units, as: UTF8.self) }
            guard byte == 0x5C else {
                guard byte >= 0x20 else { return nil }
                units.append(byte)
                continue
            }
            guard let escape = self.peek else { return nil }
            self.position += 1
            switch escape {
            case UInt8(ascii: "n"): units.append(0x0A)
            case UInt8(ascii: "r"): units.append(0x0D)
            case UInt8(ascii: "t"): units.append(0x09)
            case UInt8(ascii: "b"): units.append(0x08)
            case UInt8(ascii: "f"): units.append(0x0C)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(escape)
            case UInt8(ascii: "u"):
                guard let scalar = self.unicodeEscape() else { return nil }
                units.append(contentsOf: Array(String(Character(scalar)).utf8))
            default: return nil
            }
        }
        return nil
    }

    /// After `\u`: four hex digits, or a surrogate pair; a lone surrogate becomes U+FFFD.
    private mutating func unicodeEscape() -> Unicode.Scalar? {
        guard let high = self.hexQuad() else { return nil }
        guard (0xD800...0xDBFF).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
        guard self.position + 1 < self.bytes.count, self.bytes[self.position] == 0x5C, self.bytes[self.position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        self.position += 2
        guard let low = self.hexQuad() else { return nil }
        guard (0xDC00...0xDFFF).contains(low) else { return "\u{FFFD}" }
        return Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    }

    private mutating func hexQuad() -> UInt32? {
        guard self.position + 4 <= self.bytes.count else { return nil }
        let text = String(decoding: self.bytes[self.position..<(self.position + 4)], as: UTF8.self)
        self.position += 4
        return UInt32(text, radix: 16)
    }

    private var peek: UInt8? {
        self.position < self.bytes.count ? self.bytes[self.position] : nil
    }

    private mutating func skipSpace() {
        while let byte = self.peek, byte == 0x20 || (0x09...0x0D).contains(byte) { self.position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard self.peek == UInt8(ascii: character) else { return false }
        self.position += 1
        return true
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard self.position + length <= self.bytes.count else { return false }
        let same = word.withUTF8Buffer { $0.elementsEqual(self.bytes[self.position..<(self.position + length)]) }
        if same { self.position += length }
        return same
    }
}
