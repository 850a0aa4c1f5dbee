import Instrumentation
import ServiceContextModule
import Tracing

/// The trace that a job belongs to: it travels in the job's row, as the text that the process's tracer makes of it.
enum JobTrace {
    private struct Carrier: Injector, Extractor {
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    }

    /// The W3C's name of the text.
    private static let field = "traceparent"

    /// Whether this process tells anybody of its traces: set up before anything runs.
    static var isTold: Bool { !(InstrumentationSystem.instrument is NoOpInstrument) }

    /// Of what this task does; nil where nothing is traced.
    static var current: String? {
        guard let context = ServiceContext.current else { return nil }
        var carrier: [String: String] = [:]
        InstrumentationSystem.instrument.inject(context, into: &carrier, using: Carrier())
        return carrier[self.field]
    }

    /// Runs a unit as a step that follows its first job's; those of the others lead to it too.
    static func step(of unit: JobUnit, _ body: (any Span) async -> Void) async {
        let first = unit.jobs.first?.trace.map(Self.context)
        await withSpan("job \(unit.handler.kind)", context: first ?? .topLevel, ofKind: .consumer) { step in
            if step.isRecording {
                step.attributes["job.kind"] = unit.handler.kind
                step.attributes["job.count"] = unit.jobs.count
                if let job = unit.jobs.first {
                    step.attributes["job.id"] = job.id.rawValue
                    step.attributes["job.attempt"] = job.attempt
                    step.attributes["tenant.id"] = job.tenant
                }
                for other in Set(unit.jobs.dropFirst().compactMap(\.trace)).sorted().prefix(20) {
                    step.addLink(SpanLink(context: Self.context(other), attributes: [:]))
                }
            }
            await body(step)
        }
    }

    private static func context(_ text: String) -> ServiceContext {
        var context = ServiceContext.topLevel
        InstrumentationSystem.instrument.extract([self.field: text], into: &context, using: Carrier())
        return context
    }
}
