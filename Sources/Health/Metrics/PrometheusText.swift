/// Prometheus' text format, version 0.0.4.
///
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats/
enum PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The whole page: series by label, each label with what it means.
    static func of(_ series: [MetricsBoard.Series: (kind: MetricCell.Kind, reading: MetricCell.Reading)]) -> String {
        var out = ""
        let labels = Dictionary(grouping: series) { $0.key.label }
        for (label, all) in labels.sorted(by: { $0.key < $1.key }) {
            guard let kind = all.first?.value.kind else { continue }
            out += "# HELP \(label) \(MetricHelp.text(of: label))\n# TYPE \(label) \(kind.rawValue)\n"
            for (key, value) in all.sorted(by: { $0.key.dimensions < $1.key.dimensions }) {
                switch kind {
                case .counter, .gauge: out += "\(label)\(Self.braced(key.dimensions)) \(Self.number(value.reading.value))\n"
                case .histogram: out += Self.histogram(label, key.dimensions, value.reading)
                }
            }
        }
        return out
    }

    /// A label with nothing in it but what Prometheus allows.
    static func name(_ label: String) -> String {
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:")
        var name = label.map { allowed.contains($0) ? $0 : "_" }
        if name.first?.isNumber ?? true { name.insert("_", at: 0) }
        return String(name)
    }

    /// `kind="push-phase",end="done"`, by name.
    static func dimensions(_ dimensions: [(String, String)]) -> String {
        dimensions.sorted { $0.0 < $1.0 }.map { "\(Self.name($0.0))=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
    }

    private static func histogram(_ label: String, _ dimensions: String, _ reading: MetricCell.Reading) -> String {
        let others = dimensions.isEmpty ? "" : dimensions + ","
        var out = ""
        for (bound, count) in zip(MetricCell.bounds, reading.buckets) { out += "\(label)_bucket{\(others)le=\"\(Self.number(bound))\"} \(count)\n" }
        out += "\(label)_bucket{\(others)le=\"+Inf\"} \(reading.count)\n"
        out += "\(label)_sum\(Self.braced(dimensions)) \(Self.number(reading.value))\n"
        return out + "\(label)_count\(Self.braced(dimensions)) \(reading.count)\n"
    }

    private static func braced(_ dimensions: String) -> String { dimensions.isEmpty ? "" : "{\(dimensions)}" }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map { String($0) } ?? String(value)
    }

    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n", "\r\n": "\\n"
            default: String(character)
            }
        }.joined()
    }
}
