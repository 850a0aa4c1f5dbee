import CoreMetrics
import Synchronization

/// One time series: a label with its dimensions, and what was counted or measured of it.
final class MetricCell: CounterHandler, FloatingPointCounterHandler, RecorderHandler, TimerHandler, MeterHandler {
    /// What a series is to a reader.
    enum Kind: String, Sendable {
        /// Only rises.
        case counter
        /// Goes up and down.
        case gauge
        /// How many measures fell below each bound.
        case histogram
    }

    /// What there is to tell.
    struct Reading: Sendable, Equatable {
        /// A counter's or gauge's value; of a histogram the sum of all measures.
        var value: Double = 0
        /// How many measures were at most each of ``MetricCell/bounds``.
        var buckets: [UInt64]
        /// How many measures there were.
        var count: UInt64 = 0
    }

    /// Upper bounds of the buckets in seconds: from a claim (a millisecond) to a job that runs for a minute.
    static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    let kind: Kind
    private let state: Mutex<Reading>

    init(_ kind: Kind) {
        self.kind = kind
        self.state = Mutex(Reading(buckets: kind == .histogram ? Array(repeating: 0, count: Self.bounds.count) : []))
    }

    var reading: Reading { self.state.withLock { $0 } }

    func increment(by amount: Int64) { self.increment(by: Double(amount)) }
    func increment(by amount: Double) { self.state.withLock { $0.value += amount } }
    func decrement(by amount: Double) { self.increment(by: -amount) }
    func reset() { self.state.withLock { $0 = Reading(buckets: $0.buckets.map { _ in 0 }) } }
    func set(_ value: Int64) { self.set(Double(value)) }
    func set(_ value: Double) { self.state.withLock { $0.value = value } }
    func record(_ value: Int64) { self.record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { self.record(Double(duration) / 1_000_000_000) }

    func record(_ value: Double) {
        guard self.kind == .histogram else { return self.set(value) }
        self.state.withLock { state in
            state.value += value
            state.count += 1
            for (place, bound) in Self.bounds.enumerated() where value <= bound { state.buckets[place] += 1 }
        }
    }
}
