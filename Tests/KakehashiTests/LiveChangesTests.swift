import Sync
import Testing

@testable import Kakehashi

@Suite struct LiveChangesTests {
    private func leads(_ ids: ClosedRange<Int64>, _ email: (Int64) -> String = { "lead\($0)@example.co.jp" }) -> [Lead] {
        ids.map { Lead(id: LeadID(rawValue: $0), email: email($0)) }
    }

    private func touched(_ changes: LiveChanges) -> [Int64] {
        changes.scored + changes.renamed + changes.deleted + changes.merges.flatMap { [$0.loser, $0.winner] } + changes.mended
    }

    @Test func `live changes touch no lead twice`() {
        let changes = LiveChanges(leads: self.leads(1...2_000), quarantined: [5, 9, 11])
        #expect(Set(self.touched(changes)).count == self.touched(changes).count)
        #expect(changes.mended == [5, 9, 11])
        #expect(!changes.merges.isEmpty && !changes.deleted.isEmpty && !changes.renamed.isEmpty)
    }

    @Test func `live changes leave leads alone that share an address`() {
        let changes = LiveChanges(leads: self.leads(1...2_000) { $0 <= 1_000 ? "a\($0 / 2)@example.com" : "b\($0)@example.com" }, quarantined: [])
        #expect(self.touched(changes).allSatisfy { $0 == 1 || $0 >= 1_000 })
    }

    @Test(arguments: [("demo", true), ("demo-2", true), ("demo-17", true), ("democorp", false), ("demo-x", false), ("acme", false), ("", false)])
    func `a database is the demo's own when all its tenants are former demos`(_ name: String, _ isOwn: Bool) {
        #expect(Demo.isOwn(name) == isOwn)
    }

    @Test func `live changes find something to do also among a handful of leads`() {
        let changes = LiveChanges(leads: self.leads(1...1), quarantined: [])
        #expect(changes.scored == [1])
        #expect(changes.merges.isEmpty)
    }
}
