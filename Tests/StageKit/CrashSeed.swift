import Foundation
package import Simulator
import Testing

/// What a test draws its points from; it stands in the test's name, and `KAKEHASHI_CRASH_SEED` has it again.
package struct CrashSeed: Sendable, CustomStringConvertible, CustomTestStringConvertible {
    /// The number itself.
    package let value: UInt64

    /// A given one.
    package init(value: UInt64) { self.value = value }

    /// As in the environment.
    package var description: String { "KAKEHASHI_CRASH_SEED=\(self.value)" }
    /// Likewise, in the test's name.
    package var testDescription: String { self.description }
    /// The dice.
    package var random: SeededRandom { SeededRandom(seed: self.value) }

    /// The given one alone, or else `count` new ones.
    package static func drawn(_ count: Int = 1) -> [CrashSeed] {
        if let given = ProcessInfo.processInfo.environment["KAKEHASHI_CRASH_SEED"].flatMap({ UInt64($0) }) { return [CrashSeed(value: given)] }
        return (0..<count).map { _ in CrashSeed(value: UInt64.random(in: 1...999_999)) }
    }
}
