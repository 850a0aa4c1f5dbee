import FoundationEssentials
import Synchronization

/// How far Marketo's clocks are ahead of ours, by subscription, as the `Date` header of the last answer told.
final class VendorClocks: Sendable {
    private let skews = Mutex<[String: Duration]>([:])

    /// Takes what an answer told; nothing if it did not tell.
    func note(_ skew: Duration?, of subscription: String) {
        guard let skew else { return }
        self.skews.withLock { $0[subscription] = skew }
    }

    /// Marketo's time when ours is `date`; `nil` before its first answer.
    func time(of subscription: String, at date: Date) -> Date? {
        self.skews.withLock { $0[subscription] }.map { date.addingTimeInterval(Double($0.components.seconds)) }
    }
}
