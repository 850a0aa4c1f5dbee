import Marketo
import Tracing

/// A call to Marketo as a step of the trace that the job belongs to.
enum CallTrace {
    /// A call ended: told with the time it took.
    static func ended(_ report: CallReport) {
        let now = DefaultTracerClock.now.nanosecondsSinceEpoch
        let took = UInt64(max(0, report.duration / .nanoseconds(1)))
        let step = startSpan(
            "marketo \(report.pathTemplate)", ofKind: .client, at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: now - min(took, now)))
        step.attributes["marketo.path"] = report.pathTemplate
        if let trouble = report.vendorCode ?? report.failure?.rawValue {
            step.attributes["marketo.code"] = trouble
            step.setStatus(SpanStatus(code: .error, message: trouble))
        }
        step.end(at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: now))
    }
}
