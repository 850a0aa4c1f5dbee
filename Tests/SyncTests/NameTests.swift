import Sync
import Testing

@Suite struct NameTests {
    private func split(_ name: String) -> [String?] {
        let name = PersonName(splitting: name)
        return [name.lastName, name.firstName]
    }

    @Test func `R60 a contact is called last name, one space, first name`() {
        #expect(PersonName(lastName: "山田", firstName: "太郎").joined == "山田 太郎")
        #expect(PersonName(lastName: " ", firstName: "太郎").joined == "太郎")
        #expect(PersonName(lastName: "山田", firstName: nil).joined == "山田")
        #expect(PersonName(lastName: nil, firstName: "\u{3000}").joined == nil)
    }

    @Test func `R60 a lead without a name lends its e-mail, else its number`() {
        #expect(Lead(id: LeadID(rawValue: 7), email: " a@b.jp ").contactName == "a@b.jp")
        #expect(Lead(id: LeadID(rawValue: 7), email: " ", firstName: "").contactName == "リード 7")
    }

    @Test func `R61 a half-width space splits last from first name`() { #expect(self.split("山田 太郎") == ["山田", "太郎"]) }

    @Test func `R61 a full-width space splits last from first name`() { #expect(self.split("山田　太郎") == ["山田", "太郎"]) }

    @Test func `R61 the first run of spaces splits, the rest stays in the first name`() {
        #expect(self.split("山田 \u{3000} 太郎  ジョン") == ["山田", "太郎  ジョン"])
    }

    @Test func `R61 spaces at the ends don't count, and without one between all is the last name`() {
        #expect(self.split("　山田 ") == ["山田", nil])
        #expect(self.split(" 山田 太郎　") == ["山田", "太郎"])
        #expect(self.split("  ") == [nil, nil])
        #expect(self.split("") == [nil, nil])
    }

    @Test func `R61 a tab or a no-break space is no half- or full-width space`() {
        #expect(self.split("山田\t太郎") == ["山田\t太郎", nil])
        #expect(self.split("山田\u{A0}太郎") == ["山田\u{A0}太郎", nil])
    }

    @Test(arguments: Seeded.seeds)
    func `R60 R61 splitting loses nothing but white space, and joined parts split at the same place`(seed: UInt64) {
        var random = Seeded(seed: seed)
        let isGap = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\u{3000}" }
        for _ in 0..<2000 {
            let text = random.text()
            let name = PersonName(splitting: text)
            let kept = ((name.lastName ?? "") + (name.firstName ?? "")).unicodeScalars.filter { !PlainText.isSpace($0) }
            #expect(Array(kept) == text.unicodeScalars.filter { !PlainText.isSpace($0) })
            #expect(name.lastName?.unicodeScalars.contains(where: isGap) != true)
            guard let joined = name.joined, name.lastName != nil else { continue }
            #expect(PersonName(splitting: joined) == name)
        }
    }
}
