import Foundation
import Testing

@testable import Kakehashi

@Suite struct JSONFactTests {
    @Test func `members keep their order, nothing is null, times are RFC 3339 in UTC`() {
        let fact = JSONFact.object([
            ("b", 1), ("a", .null), ("at", JSONFact(Date(timeIntervalSince1970: 1_800_000_000))), ("list", [.text("x"), .bool(true)].fact),
        ])
        #expect(fact.text == #"{"b":1,"a":null,"at":"2027-01-15T08:00:00Z","list":["x",true]}"#)
    }

    @Test func `any text survives the way through JSON`() throws {
        let text = "\u{0}\u{1f}\"\\\n\r\t山田👨‍👩‍👧\u{2028}\u{7f}"
        let decoded = try JSONDecoder().decode([String].self, from: Data(JSONFact.list([.text(text)]).text.utf8))
        #expect(decoded == [text])
    }
}

extension [JSONFact] {
    fileprivate var fact: JSONFact { .list(self) }
}
