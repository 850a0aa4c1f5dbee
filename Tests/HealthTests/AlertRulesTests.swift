import Foundation
import TestKit
import Testing

@testable import Health

/// What lies in `deploy/` fits what the processes tell, and what `docs/metrics.md` says.
@Suite struct AlertRulesTests {
    private static func text(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    @Test(.enabled(if: Promtool.path != nil, "promtool could not be had")) func `promtool finds nothing wrong with the rules`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        #expect(try Promtool.complaints(["check", "rules", root.appending(path: "deploy/alerts.yml").path]) == "")
    }

    @Test func `every alert has its paragraph, and rules and dashboard ask for nothing that is not told`() throws {
        let (rules, dashboard, page) = (try Self.text("deploy/alerts.yml"), try Self.text("deploy/grafana.json"), try Self.text("docs/metrics.md"))
        let alerts = rules.matches(of: /alert: (\w+)/).map { String($0.1) }
        #expect(alerts.count > 5)
        for alert in alerts { #expect(page.contains("**\(alert)") || page.contains(", \(alert)"), "\(alert)") }
        let document = try JSONSerialization.jsonObject(with: Data(dashboard.utf8)) as? [String: Any]
        let panels = document?["panels"] as? [[String: Any]] ?? []
        let asked = panels.flatMap { ($0["targets"] as? [[String: Any]] ?? []).compactMap { $0["expr"] as? String } }
        #expect(asked.count > 5)
        for name in MetricHelp.texts.keys { #expect(page.contains("`\(name)`"), "\(name) in docs/metrics.md") }
        for expression in asked + rules.matches(of: /expr: (.+)/).map({ String($0.1) }) {
            let named = expression.matches(of: /[a-z]+(?:_[a-z]+)+/).map { String($0.0).replacing("_bucket", with: "") }
            #expect(!named.filter { MetricHelp.texts[$0] != nil }.isEmpty, "\(expression)")
            let foreign = named.filter { MetricHelp.texts[$0] == nil && !["histogram_quantile"].contains($0) && !$0.hasPrefix("paused_") }
            #expect(foreign.isEmpty || foreign.allSatisfy { ["used_by_us"].contains($0) }, "\(expression): \(foreign)")
        }
    }
}
