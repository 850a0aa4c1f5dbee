import NIOCore

/// Compact JSON straight into a buffer: a page of 300 leads is some 5,000 values, so nothing is boxed on the way.
extension ByteBuffer {
    /// A quoted, escaped JSON string.
    mutating func writeJSON(_ text: String) {
        self.writeInteger(UInt8(ascii: "\""))
        let plain =
            text.utf8.withContiguousStorageIfAvailable { bytes -> Bool in
                guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) else { return false }
                self.writeBytes(UnsafeRawBufferPointer(bytes))
                return true
            } ?? false
        if !plain { self.writeEscaped(text) }
        self.writeInteger(UInt8(ascii: "\""))
    }

    /// A whole number, or `null`.
    mutating func writeJSON(_ number: Int64?) {
        if let number { self.writeString(String(number)) } else { self.writeString("null") }
    }

    /// A string, or `null`.
    mutating func writeJSON(_ text: String?) {
        if let text { self.writeJSON(text) } else { self.writeString("null") }
    }

    /// `"name":`, the name being plain ASCII of our own.
    mutating func writeKey(_ name: StaticString) {
        self.writeInteger(UInt8(ascii: "\""))
        self.writeStaticString(name)
        self.writeString("\":")
    }

    /// A list of things with commas between them.
    mutating func writeList<Items: Sequence>(_ items: Items, _ write: (inout ByteBuffer, Items.Element) -> Void) {
        self.writeInteger(UInt8(ascii: "["))
        var first = true
        for item in items {
            if !first { self.writeInteger(UInt8(ascii: ",")) }
            first = false
            write(&self, item)
        }
        self.writeInteger(UInt8(ascii: "]"))
    }

    private mutating func writeEscaped(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case 0x22: self.writeString("\\\"")
            case 0x5C: self.writeString("\\\\")
            case 0x0A: self.writeString("\\n")
            case 0x0D: self.writeString("\\r")
            case 0x09: self.writeString("\\t")
            case 0..<0x20:
                self.writeString("\\u00")
                self.writeInteger(Self.hexDigits[Int(byte >> 4)])
                self.writeInteger(Self.hexDigits[Int(byte & 15)])
            default: self.writeInteger(byte)
            }
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}
