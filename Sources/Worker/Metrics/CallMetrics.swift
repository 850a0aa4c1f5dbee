import Marketo
import Metrics
import Store
import Synchronization

/// What a process counts of its calls to Marketo.
///
/// Made once a series: which paths and codes there are only the calls tell.
final class CallMetrics: Sendable {
    /// The one of this process.
    static let shared = CallMetrics()

    private struct Series: Hashable {
        let path: String
        let code: String
    }
    private let calls = Mutex<[Series: Counter]>([:])
    private let seconds = Mutex<[String: Recorder]>([:])
    private let permits: [Series: Counter]

    private init() {
        let answers = ["granted"] + CallRefusal.allCases.map(\.rawValue)
        var permits: [Series: Counter] = [:]
        for lane in CallLane.allCases {
            for answer in answers {
                permits[Series(path: lane.rawValue, code: answer)] = Counter(
                    label: "marketo_permits_total", dimensions: [("lane", lane.rawValue), ("answer", answer)])
            }
        }
        self.permits = permits
    }

    /// The ledger let a call of `lane` go.
    func granted(_ lane: CallLane) { self.permits[Series(path: lane.rawValue, code: "granted")]?.increment() }

    /// The ledger held a call of `lane` back.
    func refused(_ lane: CallLane, _ reason: CallRefusal) { self.permits[Series(path: lane.rawValue, code: reason.rawValue)]?.increment() }

    /// A call ended.
    func ended(_ report: CallReport) {
        let path = report.pathTemplate
        let code = report.vendorCode ?? report.failure?.rawValue ?? "ok"
        let counter = self.calls.withLock { calls in
            let series = Series(path: path, code: code)
            if let counter = calls[series] { return counter }
            let counter = Counter(label: "marketo_calls_total", dimensions: [("path", path), ("code", code)])
            calls[series] = counter
            return counter
        }
        counter.increment()
        let recorder = self.seconds.withLock { seconds in
            if let recorder = seconds[path] { return recorder }
            let recorder = Recorder(label: "marketo_call_seconds", dimensions: [("path", path)], aggregate: true)
            seconds[path] = recorder
            return recorder
        }
        recorder.record(report.duration / .seconds(1))
    }
}
