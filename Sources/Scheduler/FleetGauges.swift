import JobQueue
import Logging
import Metrics
import Postgres
import ServiceLifecycle
import Store

/// Tells graphs and alerts, four times a minute, what the database knows of the whole fleet.
///
/// Every scheduler tells the same, so that no number is missing while another one leads: of several take the highest. A deep queue, and what ended lately, is counted first, once for all
/// who look (`ops.queue_depth`).
struct FleetGauges: Service {
    private static let period = Duration.seconds(15)

    let pool: PostgresPool
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var gauges: [String: Gauge] = [:]
            while !Task.isCancelled {
                let began: ContinuousClock.Instant = .now
                do {
                    try await self.round(&gauges)
                } catch {
                    if Task.isCancelled { return }
                    self.logger.debug("Gauges wait for the database", metadata: ["error": "\(error)"])
                }
                // What takes long is asked more seldom.
                let took = began.duration(to: .now)
                try? await Task.sleep(for: max(Self.period, took * 20))
            }
        }
    }

    /// Looks now; a series of which there is nothing any more goes to 0.
    func round(_ gauges: inout [String: Gauge]) async throws(PostgresError) {
        _ = try await self.pool.first(DepthCount())
        _ = try await self.pool.first(MinutesCount())
        let rows = try await self.pool.query(FindGauges())
        var told: Set<String> = []
        for row in rows {
            let dimensions = row.of.sorted { $0.key < $1.key }
            let series = row.metric + dimensions.map { "/\($0.key)=\($0.value)" }.joined()
            told.insert(series)
            let gauge = gauges[series] ?? Gauge(label: row.metric, dimensions: dimensions.map { ($0.key, $0.value) })
            gauges[series] = gauge
            gauge.record(row.value)
        }
        for (series, gauge) in gauges where !told.contains(series) { gauge.record(0) }
    }
}
