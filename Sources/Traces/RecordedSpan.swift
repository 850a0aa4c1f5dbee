import Synchronization
package import Tracing

/// A step of a trace while it goes on; handed to the exporter as it ends.
package final class RecordedSpan: Span, Sendable {
    private struct State: Sendable {
        var span: FinishedSpan
        var hasEnded = false
    }

    /// The context that its own steps follow.
    package let context: ServiceContext
    private let state: Mutex<State>
    private let parent: TraceParent
    private let whenEnded: @Sendable (FinishedSpan) -> Void

    init(_ span: FinishedSpan, context: ServiceContext, whenEnded: @escaping @Sendable (FinishedSpan) -> Void) {
        self.state = Mutex(State(span: span))
        self.parent = span.identity
        self.context = context
        self.whenEnded = whenEnded
    }

    /// Whether somebody will see it.
    package var isRecording: Bool { self.parent.isSampled && !self.state.withLock(\.hasEnded) }

    /// What it is called.
    package var operationName: String {
        get { self.state.withLock(\.span.name) }
        set { self.state.withLock { $0.span.name = newValue } }
    }

    /// What is known about it.
    package var attributes: SpanAttributes {
        get { self.state.withLock(\.span.attributes) }
        set { self.state.withLock { $0.span.attributes = newValue } }
    }

    /// Whether it went well.
    package func setStatus(_ status: SpanStatus) { self.state.withLock { $0.span.status = status } }

    /// Something that happened in it; only errors are kept, as its status.
    package func addEvent(_ event: SpanEvent) {}

    /// It failed; what an error says of itself is not written down, since nobody has promised that it is safe to print.
    package func recordError<Instant: TracerInstant>(_ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant) {
        self.state.withLock { if $0.span.status == nil { $0.span.status = SpanStatus(code: .error, message: "\(type(of: error))") } }
    }

    /// Another step that led to it.
    package func addLink(_ link: SpanLink) {
        guard let other = link.context.traceParent else { return }
        self.state.withLock { $0.span.links.append(other) }
    }

    /// It is over; a second end is none.
    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let nanoseconds = instant().nanosecondsSinceEpoch
        let finished: FinishedSpan? = self.state.withLock { state in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            state.span.end = nanoseconds
            return state.span
        }
        if let finished, self.parent.isSampled { self.whenEnded(finished) }
    }
}
