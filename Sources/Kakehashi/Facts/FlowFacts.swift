import Foundation
import Runtime
import Store

/// The calls of the tenants, for programs and for people.
struct FlowFacts: Sendable {
    let flows: [CallFlow]

    var json: JSONFact { .object([("flows", .list(self.flows.map(Self.flow)))]) }

    private static func flow(_ flow: CallFlow) -> JSONFact {
        .object([
            ("tenant", .text(flow.tenant)), ("vendor", .text(flow.vendor)), ("limit", JSONFact(flow.limit)),
            ("learned_limit", JSONFact(flow.learnedLimit)), ("used_by_us", JSONFact(flow.usedByUs)), ("used_by_others", JSONFact(flow.usedByOthers)),
            ("others_forecast", JSONFact(flow.othersForecast)), ("our_share", JSONFact(flow.ourShare)), ("remaining", JSONFact(flow.remaining)),
            ("resets_at", JSONFact(flow.resetsAt)), ("paused_until", JSONFact(flow.pausedUntil)), ("upstream_since", JSONFact(flow.upstreamSince)),
            ("calls_last_20_s", JSONFact(flow.callsInWindow)), ("running_now", JSONFact(flow.runningNow)),
            ("full_load_eta_seconds", JSONFact(flow.fullLoadSeconds)), ("level", .text(Self.level(flow).rawValue)),
            (
                "lanes",
                .list(
                    flow.lanes.map {
                        .object([
                            ("lane", .text($0.name)), ("used_today", JSONFact($0.usedToday)), ("kept", JSONFact($0.kept)),
                            ("held_until", JSONFact($0.heldUntil)),
                        ])
                    })
            ),
        ])
    }

    /// How much of the day is used, in a colour (sync-algorithms.md 5.2).
    enum Level: String, Sendable {
        case green, yellow, orange, red, black
    }

    /// By all calls of the day against the limit; black: Marketo said "spent".
    static func level(_ flow: CallFlow) -> Level {
        if flow.pausedUntil != nil { return .black }
        switch Double(flow.usedByUs + flow.usedByOthers) / Double(max(flow.limit, 1)) {
        case ..<0.6: return .green
        case ..<0.8: return .yellow
        case ..<0.9: return .orange
        default: return .red
        }
    }

    /// For people: a line of facts and a table of the lanes for each tenant.
    func lines(terminal: Terminal, now: Date) -> [String] {
        guard !self.flows.isEmpty else { return ["No tenant is set up yet; see 'kakehashi tenant add --help'."] }
        return self.flows.flatMap { flow in
            var table = Table([("LANE", .left), ("USED TODAY", .right), ("STILL KEPT", .right), ("MAY CALL", .left)])
            for lane in flow.lanes {
                let may = lane.heldUntil.map { "from \(Timestamp.text($0)) on" } ?? (flow.pausedUntil == nil ? "now" : "when the pause is over")
                table.add([lane.name, Amount.count(lane.usedToday), Amount.count(lane.kept), may])
            }
            return Self.head(flow, terminal) + table.lines(columns: terminal.width) + [""]
        }.dropLast()
    }

    private static func head(_ flow: CallFlow, _ terminal: Terminal) -> [String] {
        let learned = flow.learnedLimit == nil ? "" : " (as Marketo turned out to allow)"
        var lines = [
            terminal.paint("\(ScreenText.of(flow.tenant)): \(self.level(flow).rawValue)", .bold),
            "  \(Amount.count(flow.usedByUs)) calls by us and \(Amount.count(flow.usedByOthers)) by others, of \(Amount.count(flow.limit))\(learned);"
                + " the day turns at \(Timestamp.text(flow.resetsAt))",
            "  others will probably use \(Amount.count(flow.othersForecast)); our share is \(Amount.count(flow.ourShare))",
            "  \(Amount.count(flow.callsInWindow)) calls in the last 20 s, \(Amount.count(flow.runningNow)) running",
        ]
        if let until = flow.pausedUntil { lines.append("  Marketo's calls of the day are spent; paused until \(Timestamp.text(until))") }
        if let since = flow.upstreamSince { lines.append("  Marketo is in trouble since \(Timestamp.text(since)); one call in 15 s tries it") }
        if let seconds = flow.fullLoadSeconds { lines.append("  the full load will probably take \(Amount.time(seconds: seconds)) more") }
        return lines
    }
}
