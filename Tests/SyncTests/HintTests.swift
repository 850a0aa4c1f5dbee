import FoundationEssentials
import Sync
import Testing

@Suite struct HintTests {
    private func ids(_ numbers: [Int64]) -> [LeadID] { numbers.map(LeadID.init(rawValue:)) }

    @Test(arguments: ["[2, 3]", "[\"2\",\"3\"]", "2,3", " 3 , 2 ", "2;3", "[2,3,3]", "２，３", "[2, null, -1, 0, x, 3]"])
    func `Merge IDs are read as a list, as a text of one, and as numbers with commas`(text: String) {
        #expect(MergeIDs.parse(text) == self.ids([2, 3]))
    }

    @Test func `Merge IDs without a number name nobody`() {
        for text in ["", "[]", "null", "99999999999999999999"] { #expect(MergeIDs.parse(text).isEmpty) }
    }
}
