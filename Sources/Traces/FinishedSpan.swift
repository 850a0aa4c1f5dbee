package import Tracing

/// A step of a trace, as it is told to a collector.
package struct FinishedSpan: Sendable {
    /// Its trace and its own number.
    package let identity: TraceParent
    /// The number of the step that it follows; nil for the first of its trace.
    package let follows: String?
    /// What it is called, such as `job push-phase`.
    package var name: String
    /// Whether it calls somebody, takes work up, or neither.
    package let kind: SpanKind
    /// When it began, in nanoseconds since 1970.
    package let begin: UInt64
    /// When it ended, likewise.
    package var end: UInt64
    /// What is known about it.
    package var attributes: SpanAttributes = [:]
    /// Other steps that led to it: those of the jobs of a batch.
    package var links: [TraceParent] = []
    /// Whether it went well; nil where nobody said.
    package var status: SpanStatus?
}
