import CoreMetrics

/// What the engine counts.
///
/// Made once; an id never becomes a dimension.
struct JobMetrics: Sendable {
    /// The ends a job can have, as counted.
    private static let ends = ["done", "cancelled", "superseded", "dead", "retry", "postpone", "return", "ended", "lost"]

    private let finished: [String: [String: Counter]]
    private let runSeconds: [String: Recorder]
    private let claimSeconds: Recorder
    private let claimed: Counter
    private let rescued: Counter
    private let running: Gauge
    private let heartbeatFailures: Counter

    init(kinds: [String], factory: any MetricsFactory) {
        var finished: [String: [String: Counter]] = [:]
        var runSeconds: [String: Recorder] = [:]
        for kind in kinds {
            for end in Self.ends {
                finished[kind, default: [:]][end] = Counter(
                    label: "jobs_finished_total", dimensions: [("kind", kind), ("end", end)], factory: factory)
            }
            runSeconds[kind] = Recorder(label: "jobs_run_seconds", dimensions: [("kind", kind)], aggregate: true, factory: factory)
        }
        self.finished = finished
        self.runSeconds = runSeconds
        self.claimSeconds = Recorder(label: "jobs_claim_seconds", dimensions: [], aggregate: true, factory: factory)
        self.claimed = Counter(label: "jobs_claimed_total", dimensions: [], factory: factory)
        self.rescued = Counter(label: "jobs_rescued_total", dimensions: [], factory: factory)
        self.running = Gauge(label: "jobs_running", dimensions: [], factory: factory)
        self.heartbeatFailures = Counter(label: "jobs_heartbeat_failures_total", dimensions: [], factory: factory)
    }

    func finished(kind: String, end: String, count: Int = 1) { self.finished[kind]?[end]?.increment(by: Int64(count)) }
    func ran(kind: String, for time: Duration) { self.runSeconds[kind]?.record(time.seconds) }
    func claimed(_ count: Int, in time: Duration) {
        self.claimSeconds.record(time.seconds)
        if count > 0 { self.claimed.increment(by: Int64(count)) }
    }
    func rescued(_ count: Int) { self.rescued.increment(by: Int64(count)) }
    func running(_ count: Int) { self.running.record(Int64(count)) }
    func heartbeatFailed() { self.heartbeatFailures.increment() }
}
