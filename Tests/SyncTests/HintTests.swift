import FoundationEssentials
import Sync
import Testing

@Suite struct HintTests {
    private func ids(_ numbers: [Int64]) -> [LeadID] { numbers.map(LeadID.init(rawValue:)) }

    @Test func `new, changed, scored, merged and acquired leads are read again, deleted ones are not`() {
        #expect(HintActivity.allCases.filter(\.marksLeadDirty).map(\.rawValue) == [12, 13, 22, 32, 104])
        #expect(HintActivity(rawValue: 37)?.marksLeadDirty == false)
        #expect(HintActivity(rawValue: 6) == nil)
        #expect(HintActivity.feed.map(\.rawValue) == [12, 22, 32, 104])
    }

    @Test(arguments: ["[2, 3]", "[\"2\",\"3\"]", "2,3", " 3 , 2 ", "2;3", "[2,3,3]", "２，３", "[2, null, -1, 0, x, 3]"])
    func `Merge IDs are read as a list, as a text of one, and as numbers with commas`(text: String) {
        #expect(MergeIDs.parse(text) == self.ids([2, 3]))
    }

    @Test func `Merge IDs without a number name nobody`() {
        for text in ["", "[]", "null", "99999999999999999999"] { #expect(MergeIDs.parse(text).isEmpty) }
    }

    @Test func `R63 a loser of a loser points at the last winner, in whatever order the merges become known`() {
        var forward = LeadAliases()
        forward.merge(losers: self.ids([3]), into: LeadID(rawValue: 2))
        #expect(forward.merge(losers: self.ids([2]), into: LeadID(rawValue: 1)) == self.ids([2, 3]))
        var backward = LeadAliases()
        backward.merge(losers: self.ids([2]), into: LeadID(rawValue: 1))
        #expect(backward.merge(losers: self.ids([3]), into: LeadID(rawValue: 2)) == self.ids([3]))
        #expect(forward == backward)
        #expect(forward.winner(of: LeadID(rawValue: 3)).rawValue == 1)
        #expect(forward.winner(of: LeadID(rawValue: 9)).rawValue == 9)
    }

    @Test func `a merge that closes a circle changes nothing`() {
        var aliases = LeadAliases()
        aliases.merge(losers: self.ids([2, 1]), into: LeadID(rawValue: 1))
        #expect(aliases.merge(losers: self.ids([1]), into: LeadID(rawValue: 2)).isEmpty)
        #expect(aliases.winner(of: LeadID(rawValue: 1)).rawValue == 1)
    }

    @Test(arguments: Seeded.seeds)
    func `every merge order ends at the same winners, one step away`(seed: UInt64) {
        var random = Seeded(seed: seed)
        for _ in 0..<100 {
            // A lead loses at most once: a forest.
            let merges = (2...40).map { (loser: Int64($0), winner: Int64.random(in: 1..<Int64($0), using: &random)) }
                .filter { _ in Bool.random(using: &random) }
            var one = LeadAliases()
            for merge in merges { one.merge(losers: [LeadID(rawValue: merge.loser)], into: LeadID(rawValue: merge.winner)) }
            var two = LeadAliases()
            for merge in merges.shuffled(using: &random) { two.merge(losers: [LeadID(rawValue: merge.loser)], into: LeadID(rawValue: merge.winner)) }
            #expect(one == two)
            #expect(one.winners.values.allSatisfy { one.winners[$0] == nil })
        }
    }

    @Test func `a snapshot changes with every field that is looked at, and with no other`() {
        let lead = Lead(
            id: LeadID(rawValue: 1), email: "a", firstName: "b", lastName: "c", company: "d", phone: "e", mainPhone: "f", mobilePhone: "g",
            title: "h", department: "i", leadScore: 1, acquisitionDate: Date(timeIntervalSince1970: 1))
        var snapshots: Set<LeadSnapshot> = [LeadSnapshot(lead)]
        let texts: [WritableKeyPath<Lead, String?>] = [
            \.email, \.firstName, \.lastName, \.company, \.phone, \.mainPhone, \.mobilePhone, \.title, \.department,
        ]
        for path in texts {
            for value in [nil, "", "z"] {
                var changed = lead
                changed[keyPath: path] = value
                snapshots.insert(LeadSnapshot(changed))
            }
        }
        var changed = lead
        changed.leadScore = nil
        snapshots.insert(LeadSnapshot(changed))
        changed = lead
        changed.acquisitionDate = nil
        snapshots.insert(LeadSnapshot(changed))
        // A text that moves from one field to the next.
        changed = lead
        changed.firstName = "bc"
        changed.lastName = ""
        snapshots.insert(LeadSnapshot(changed))
        #expect(snapshots.count == 1 + 27 + 3)
        changed = lead
        changed.updatedAt = .now
        changed.createdAt = .now
        #expect(LeadSnapshot(changed) == LeadSnapshot(lead))
    }
}
