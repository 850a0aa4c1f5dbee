/// RFC 4648 base 32, the vendor's spelling of page tokens (they end in `=`).
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// Encodes, with a space added when the length would need no `=` at the end.
    static func encode(_ text: String) -> String {
        var bytes = Array(text.utf8)
        if bytes.count % 5 == 0 { bytes.append(0x20) }
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = (bits << 8 | UInt32(byte)) & 0xFFFF
            count += 8
            while count >= 5 {
                count -= 5
                out.append(self.alphabet[Int(bits >> UInt32(count)) & 31])
            }
        }
        if count > 0 { out.append(self.alphabet[Int(bits << UInt32(5 - count)) & 31]) }
        while out.count % 8 != 0 { out.append(UInt8(ascii: "=")) }
        return String(decoding: out, as: UTF8.self)
    }

    /// The text, or `nil` for what is not base 32.
    static func decode(_ text: String) -> String? {
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 where byte != UInt8(ascii: "=") {
            guard let value = self.alphabet.firstIndex(of: byte) else { return nil }
            bits = (bits << 5 | UInt32(value)) & 0xFFFF
            count += 5
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        if out.last == 0x20 { out.removeLast() }
        return String(validating: out, as: UTF8.self)
    }
}
