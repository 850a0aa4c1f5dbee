package import CoreMetrics
import Synchronization

/// All that a process counts and measures, for `GET /metrics`.
///
/// A series that was made once stays until the process ends, also when nobody holds its handler any more. The same label with the same dimensions is the
/// same series, whoever asks for it. Labels end as Prometheus wants them: `_total` for counters, else the unit.
package final class MetricsBoard: MetricsFactory {
    struct Series: Hashable, Sendable {
        let label: String
        /// `kind="push-phase",end="done"`.
        let dimensions: String
    }

    private let cells = Mutex<[Series: MetricCell]>([:])

    package init() {}

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { self.cell(label, dimensions, .counter) }
    package func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        self.cell(label, dimensions, .counter)
    }
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { self.cell(label, dimensions, .gauge) }
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { self.cell(label, dimensions, .histogram) }
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        self.cell(label, dimensions, aggregate ? .histogram : .gauge)
    }
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}

    /// Everything as it is now, in Prometheus' text format (version 0.0.4).
    package var text: String { PrometheusText.of(self.cells.withLock { $0 }.mapValues { ($0.kind, $0.reading) }) }

    private func cell(_ label: String, _ dimensions: [(String, String)], _ kind: MetricCell.Kind) -> MetricCell {
        let series = Series(label: PrometheusText.name(label), dimensions: PrometheusText.dimensions(dimensions))
        return self.cells.withLock { cells in
            if let cell = cells[series] { return cell }
            let cell = MetricCell(kind)
            cells[series] = cell
            return cell
        }
    }
}
