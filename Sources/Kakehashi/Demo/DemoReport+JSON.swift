import Fleet
import Store

extension DemoReport {
    /// `demo --json`: the same facts for programs.
    var json: JSONFact {
        let differences = Difference.Kind.allCases.map { kind in
            (kind.rawValue, JSONFact.list(self.comparison.of(kind).map { .object([("record", .text($0.record)), ("text", .text($0.text))]) }))
        }
        return .object(
            [
                ("ok", .bool(self.problems(.english).isEmpty)), ("problems", .list(self.problems(.english).map { .text($0) })),
                ("leads", JSONFact(self.leads)), ("leads_seen", JSONFact(self.leadsSeen)), ("contacts", JSONFact(self.contacts)),
                ("accounts", JSONFact(self.accounts)), ("links", JSONFact(self.links)), ("quarantined", JSONFact(self.quarantined)),
                ("load_milliseconds", JSONFact(Int(self.loadTime / .milliseconds(1)))), ("load_lead_calls", JSONFact(self.loadLeadCalls)),
                ("load_lead_calls_allowed", JSONFact(self.leadCallsAllowed)), ("calls_booked", JSONFact(self.callsBooked)),
                ("calls_counted", JSONFact(self.evidence.counted)), ("most_in_any_20_s", JSONFact(self.evidence.mostInAnyWindow)),
                ("most_at_once", JSONFact(self.evidence.mostAtOnce)), ("calls_refused", JSONFact(self.evidence.callsRefused)),
                ("leads_made", JSONFact(self.sales?.created)), ("phases_shown", JSONFact(self.sales?.phases)),
                ("phases_cleared", JSONFact(self.sales?.cleared)), ("statuses_shown", JSONFact(self.sales?.statuses)),
                ("sales_wrong", .list((self.sales?.wrong ?? []).map { .number($0) })),
            ] + differences)
    }
}
