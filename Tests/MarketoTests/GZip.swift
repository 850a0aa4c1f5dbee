/// gzip by hand: just enough to test how answers are unpacked.
enum GZip {
    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]

    /// `bytes` (under 64 KB) in one stored block.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let length = UInt16(bytes.count)
        return Self.header + [1, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)] + bytes
            + Self.little(Self.crc32(bytes)) + Self.little(UInt32(bytes.count))
    }

    /// One letter, then `repeats` times 258 more of it; its check sum is wrong, but nobody should get that far.
    static func bomb(repeats: Int) -> [UInt8] {
        var bits = Bits()
        bits.put(1, 1)  // the last block
        bits.put(1, 2)  // fixed codes
        bits.putCode(0x30 + 0x61, 8)  // "a"
        for _ in 0..<repeats {
            bits.putCode(0b1100_0101, 8)  // length 258
            bits.putCode(0, 5)  // distance 1
        }
        bits.putCode(0, 7)  // the end
        return Self.header + bits.flushed() + Array(repeating: 0, count: 8)
    }

    private struct Bits {
        private var bytes: [UInt8] = []
        private var current: UInt32 = 0
        private var count = 0

        /// Lowest bit first, as deflate has its numbers.
        mutating func put(_ value: Int, _ width: Int) {
            for bit in 0..<width {
                self.current |= UInt32((value >> bit) & 1) << self.count
                self.count += 1
                if self.count == 8 {
                    self.bytes.append(UInt8(self.current))
                    self.current = 0
                    self.count = 0
                }
            }
        }

        /// Highest bit first, as deflate has its codes.
        mutating func putCode(_ code: Int, _ width: Int) { for bit in (0..<width).reversed() { self.put(code >> bit & 1, 1) } }

        func flushed() -> [UInt8] { self.count == 0 ? self.bytes : self.bytes + [UInt8(self.current)] }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }

    private static func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> ($0 * 8) & 255) } }
}
