import Foundation
import Testing

/// What a history of calls is drawn from; it stands in the test's name, and `KAKEHASHI_MODEL_SEED` has it again.
///
/// `KAKEHASHI_MODEL_HISTORIES` raises how many are drawn.
struct LedgerSeed: Sendable, CustomTestStringConvertible {
    let value: UInt64

    var testDescription: String { "KAKEHASHI_MODEL_SEED=\(self.value)" }

    /// The given one alone, or else new ones.
    static var drawn: [LedgerSeed] {
        let environment = ProcessInfo.processInfo.environment
        if let given = environment["KAKEHASHI_MODEL_SEED"].flatMap({ UInt64($0) }) { return [LedgerSeed(value: given)] }
        let count = environment["KAKEHASHI_MODEL_HISTORIES"].flatMap { Int($0) } ?? 4
        return (0..<max(count, 1)).map { _ in LedgerSeed(value: UInt64.random(in: 1...999_999_999)) }
    }
}
