import Metrics
package import Postgres

/// How busy a process's database connections are.
package struct PoolGauges: Sendable {
    private let pool: PostgresPool
    private let lent = Gauge(label: "postgres_connections", dimensions: [("state", "lent")])
    private let idle = Gauge(label: "postgres_connections", dimensions: [("state", "idle")])
    private let waiting = Gauge(label: "postgres_connections", dimensions: [("state", "waiting")])

    /// Of this pool; the gauges are those of the process.
    package init(_ pool: PostgresPool) { self.pool = pool }

    /// Looks now.
    package func sample() {
        let usage = self.pool.usage
        self.lent.record(Int64(usage.lent))
        self.idle.record(Int64(usage.idle))
        self.waiting.record(Int64(usage.waiting))
    }
}
