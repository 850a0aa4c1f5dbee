import Foundation
import Testing

/// What a long history is drawn from; it stands in the test's name, and `KAKEHASHI_MODEL_SEED` has it again.
///
/// `KAKEHASHI_MODEL_HISTORIES` raises how many are drawn.
struct ModelSeed: Sendable, CustomTestStringConvertible {
    let value: UInt64

    var testDescription: String { "KAKEHASHI_MODEL_SEED=\(self.value)" }

    /// The given one alone, or else new ones.
    static var drawn: [ModelSeed] {
        let environment = ProcessInfo.processInfo.environment
        if let given = environment["KAKEHASHI_MODEL_SEED"].flatMap({ UInt64($0) }) { return [ModelSeed(value: given)] }
        let count = environment["KAKEHASHI_MODEL_HISTORIES"].flatMap { Int($0) } ?? 4
        return (0..<max(count, 1)).map { _ in ModelSeed(value: UInt64.random(in: 1...999_999_999)) }
    }

    /// How deep the short ones are enumerated; `KAKEHASHI_MODEL_DEPTH`.
    static var depth: Int? { ProcessInfo.processInfo.environment["KAKEHASHI_MODEL_DEPTH"].flatMap { Int($0) } }
}

/// Random numbers that come again with the same seed: SplitMix64.
struct ModelRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: ModelSeed) { self.state = seed.value }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
