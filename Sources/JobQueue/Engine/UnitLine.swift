import Synchronization

/// Units that wait to be started, for several starters who each take the next.
final class UnitLine: Sendable {
    private let units: [JobUnit]
    private let taken = Atomic(0)

    init(_ units: [JobUnit]) { self.units = units }

    /// The next; nil when all are taken.
    func next() -> JobUnit? {
        let place = self.taken.wrappingAdd(1, ordering: .relaxed).oldValue
        return place < self.units.count ? self.units[place] : nil
    }
}
