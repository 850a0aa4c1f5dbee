import CoreMetrics
import Foundation
import Testing

@testable import Health

@Suite struct PrometheusTextTests {
    @Test func `a page tells what each metric means, its type and its series, and what is in a value is escaped`() {
        let board = MetricsBoard()
        let counter = Counter(label: "jobs_finished_total", dimensions: [("kind", "a\"b\\c\nd"), ("end", "done")], factory: board)
        counter.increment(by: 3)
        Counter(label: "jobs_finished_total", dimensions: [("end", "done"), ("kind", "a\"b\\c\nd")], factory: board).increment()
        Gauge(label: "jobs.running", dimensions: [], factory: board).record(2.5)
        #expect(
            board.text == """
                # HELP jobs_finished_total \(MetricHelp.texts["jobs_finished_total"] ?? "")
                # TYPE jobs_finished_total counter
                jobs_finished_total{end="done",kind="a\\"b\\\\c\\nd"} 4
                # HELP jobs_running \(MetricHelp.texts["jobs_running"] ?? "")
                # TYPE jobs_running gauge
                jobs_running 2.5

                """)
    }

    @Test func `a histogram counts each measure in every bucket that it fits, and in the sum`() {
        let board = MetricsBoard()
        let recorder = Recorder(label: "jobs_run_seconds", dimensions: [("kind", "x")], aggregate: true, factory: board)
        for seconds in [0.002, 0.3, 120] { recorder.record(seconds) }
        let text = board.text
        #expect(text.contains("jobs_run_seconds_bucket{kind=\"x\",le=\"0.001\"} 0\n"))
        #expect(text.contains("jobs_run_seconds_bucket{kind=\"x\",le=\"0.0025\"} 1\n"))
        #expect(text.contains("jobs_run_seconds_bucket{kind=\"x\",le=\"60\"} 2\n"))
        #expect(text.contains("jobs_run_seconds_bucket{kind=\"x\",le=\"+Inf\"} 3\n"))
        #expect(text.contains("jobs_run_seconds_sum{kind=\"x\"} 120.302\n") && text.contains("jobs_run_seconds_count{kind=\"x\"} 3\n"))
    }
}
