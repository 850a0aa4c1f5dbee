import Foundation
import Tracing

/// Steps of traces as a collector takes them: OTLP in JSON (https://opentelemetry.io/docs/specs/otlp/).
struct SpanPage {
    let service: String
    let spans: [FinishedSpan]

    /// The body of `POST /v1/traces`.
    func body() throws -> Data {
        let resource: [String: Any] = [
            "attributes": [Self.attribute("service.name", ["stringValue": self.service])]
        ]
        let scope: [String: Any] = ["scope": ["name": "kakehashi"], "spans": self.spans.map(Self.span)]
        return try JSONSerialization.data(
            withJSONObject: ["resourceSpans": [["resource": resource, "scopeSpans": [scope]] as [String: Any]]], options: [.sortedKeys])
    }

    private static func span(_ span: FinishedSpan) -> [String: Any] {
        var attributes: [[String: Any]] = []
        span.attributes.forEach { name, value in
            if let value = Self.value(value) { attributes.append(Self.attribute(name, value)) }
        }
        var page: [String: Any] = [
            "traceId": span.identity.trace, "spanId": span.identity.span, "name": span.name, "kind": Self.kind(span.kind),
            "startTimeUnixNano": String(span.begin), "endTimeUnixNano": String(max(span.begin, span.end)), "attributes": attributes,
        ]
        if let follows = span.follows { page["parentSpanId"] = follows }
        if !span.links.isEmpty { page["links"] = span.links.map { ["traceId": $0.trace, "spanId": $0.span] } }
        if let status = span.status {
            page["status"] = ["code": status.code == .ok ? 1 : 2, "message": status.message ?? ""] as [String: Any]
        }
        return page
    }

    private static func attribute(_ key: String, _ value: [String: Any]) -> [String: Any] { ["key": key, "value": value] }

    private static func value(_ value: SpanAttribute) -> [String: Any]? {
        switch value {
        case .int32(let number): ["intValue": String(number)]
        case .int64(let number): ["intValue": String(number)]
        case .double(let number): number.isFinite ? ["doubleValue": number] : nil
        case .bool(let isTrue): ["boolValue": isTrue]
        case .string(let text): ["stringValue": text]
        default: nil
        }
    }

    private static func kind(_ kind: SpanKind) -> Int {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}
