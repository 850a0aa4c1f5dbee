package import Tracing

/// Makes the steps of traces, and carries a trace in a `traceparent` text.
///
/// - Shape: whether a trace is recorded is decided once, at its first step, by `share` (0…1).
package struct SpanTracer: Tracer {
    private static let field = "traceparent"

    private let share: Double
    private let whenEnded: @Sendable (FinishedSpan) -> Void

    /// - Parameters:
    ///   - share: of the traces that begin here, how many are recorded.
    ///   - whenEnded: is told each recorded step.
    package init(share: Double = 1, whenEnded: @escaping @Sendable (FinishedSpan) -> Void) {
        self.share = share
        self.whenEnded = whenEnded
    }

    /// Begins a step: of the context's trace, else of a new one.
    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind, at instant: @autoclosure () -> Instant,
        function: String, file fileID: String, line: UInt
    ) -> RecordedSpan {
        var context = context()
        let parent = context.traceParent
        let identity = TraceParent(
            trace: parent?.trace ?? TraceParent.draw(digits: 32), span: TraceParent.draw(digits: 16),
            isSampled: parent?.isSampled ?? (Double.random(in: 0..<1) < self.share))
        context.traceParent = identity
        let begin = instant().nanosecondsSinceEpoch
        let span = FinishedSpan(identity: identity, follows: parent?.span, name: operationName, kind: kind, begin: begin, end: begin)
        return RecordedSpan(span, context: context, whenEnded: self.whenEnded)
    }

    /// Nothing is held back here.
    package func forceFlush() {}

    /// Writes the step that is under way into a carrier.
    package func inject<Carrier, Inject: Injector>(_ context: ServiceContext, into carrier: inout Carrier, using injector: Inject)
    where Inject.Carrier == Carrier {
        if let parent = context.traceParent { injector.inject(parent.text, forKey: Self.field, into: &carrier) }
    }

    /// Reads it from a carrier; a text that is none is passed over.
    package func extract<Carrier, Extract: Extractor>(_ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract)
    where Extract.Carrier == Carrier {
        if let parent = extractor.extract(key: Self.field, from: carrier).flatMap({ TraceParent($0) }) { context.traceParent = parent }
    }
}
