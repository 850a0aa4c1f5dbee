/// Repeatable randomness (SplitMix64): the same seed gives the same leads and the same faults on every machine.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        self.state = seed
    }

    package mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 up to, but without, 1.
    package mutating func fraction() -> Double {
        Double(self.next() >> 11) / 9_007_199_254_740_992
    }

    /// 0 up to, but without, `bound`, which is at least 1.
    package mutating func below(_ bound: Int) -> Int {
        Int(self.next() % UInt64(max(1, bound)))
    }

    /// True so many times in a hundred.
    package mutating func percent(_ percent: Double) -> Bool {
        self.fraction() * 100 < percent
    }
}
