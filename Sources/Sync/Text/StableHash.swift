/// A number for a text that is the same on every machine and in every run; Swift's own hash is not.
///
/// FNV-1a with 64 bits, then mixed (as in MurmurHash3's finaliser), as FNV's low bits alone are spread poorly over short names.
/// Not for secrets. Source: draft-eastlake-fnv.
package struct StableHash: Sendable {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    /// Of one text.
    package init(_ text: String) { self.add(text) }

    /// Adds a text; where it ends counts too, and `nil` is another thing than an empty text.
    package mutating func add(_ text: String?) {
        guard let text else { return self.add(byte: 0xFE) }
        for byte in text.utf8 { self.add(byte: byte) }
        self.add(byte: 0xFF)
    }

    /// Adds a number.
    package mutating func add(_ number: Int64?) {
        guard let number else { return self.add(byte: 0xFE) }
        self.add(byte: 0xFD)
        for shift in stride(from: 0, to: 64, by: 8) { self.add(byte: UInt8(truncatingIfNeeded: number >> shift)) }
    }

    /// The number.
    package var value: UInt64 {
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        mixed = (mixed ^ (mixed >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        return mixed ^ (mixed >> 33)
    }

    private mutating func add(byte: UInt8) { self.state = (self.state ^ UInt64(byte)) &* 0x100_0000_01B3 }
}
