/// Random values that a printed seed brings back (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The seeds that a property is tried with; the last is another one in each run and is named by the test's argument.
    static var seeds: [UInt64] { [1, 42, 20_261_123, UInt64.random(in: 0...UInt64(UInt32.max))] }

    private static let pieces = [
        "a", "Z", "q", "@", ".", "..", " ", "\u{3000}", "\u{A0}", "\t", "\r\n", "-", "0", "7", "\u{FF11}", "\u{FF21}", "\u{FF20}", "\u{3002}",
        "\u{FF61}",
        "山", "田", "株式会社", "(株)", "㈱", "（有）", "ﾏﾂﾘｶ", "ｶﾞ", "é", "e\u{301}", "H\u{331}", "İ", "ß", "Σ", "Ж", "한", "𠮷", "👩‍👩‍👧", "\u{301}", "\u{200B}", "ー",
        "−", "xn--", "%", "_", "'", "\u{2028}", "ﬁ", "½",
    ]

    /// A text of up to 12 pieces that like to break things.
    mutating func text() -> String {
        let count = Int.random(in: 0...12, using: &self)
        return (0..<count).map { _ in Self.pieces.randomElement(using: &self) ?? "" }.joined()
    }
}
