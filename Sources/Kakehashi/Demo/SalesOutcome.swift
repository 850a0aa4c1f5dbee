import Fleet
import Store
import Sync

/// What came of the demo's second act: what Marketo holds of what sales did.
struct SalesOutcome: Sendable, Equatable {
    /// How many leads are made of new contacts, of how many.
    let created: Int
    static let newContacts = 5
    /// How many leads show a phase, a cleared phase, and a status; and who does not show what it should.
    let phases: Int
    let cleared: Int
    let statuses: Int
    let wrong: [Int64]

    /// Compares what was done with what Marketo's stand-in holds.
    init(_ expected: [SalesAudit.Row], leads: [SimulatorLead]) {
        let held = Dictionary(leads.map { ($0.id, $0) }) { first, _ in first }
        var wrong: Set<Int64> = []
        for row in expected {
            let lead = held[row.lead.rawValue]
            if lead == nil || lead?.mazricaPhase != row.phase || lead?.leadStatus != row.status { wrong.insert(row.lead.rawValue) }
        }
        self.created = Set(expected.filter { $0.status == nil }.map(\.lead)).count
        self.phases = Set(expected.filter { $0.phase != nil }.map(\.lead)).count
        self.cleared = Set(expected.filter { $0.phase == nil && $0.status != nil }.map(\.lead)).count
        self.statuses = Set(expected.filter { $0.status != nil }.map(\.lead)).count
        self.wrong = wrong.sorted()
    }

    /// Everything arrived.
    var isGood: Bool { self.wrong.isEmpty && self.created == Self.newContacts && self.phases > 0 && self.cleared > 0 }
}
