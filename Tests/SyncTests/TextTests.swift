import Sync
import Testing

@Suite struct TextTests {
    @Test(arguments: [
        ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
        ("他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb"),
        ("Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a"),
        ("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"),
        ("なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"),
        ("세계의모든사람들이한국어를이해한다면얼마나좋을까", "989aomsvi5e83db1d2a355cv1e0vak1dwrv93d5xbh15a0dt30a5jpsd879ccm6fea98c"),
        ("3年B組金八先生", "3B-ww4c5e180e575a65lsy2b"),
        ("安室奈美恵-with-SUPER-MONKEYS", "-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n"),
        ("Hello-Another-Way-それぞれの場所", "Hello-Another-Way--fc4qua05auwb3674vfr0b"),
        ("ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v"),
        ("MajiでKoiする5秒前", "MajiKoi5-783gue6qz075azm5e"),
        ("パフィーdeルンバ", "de-jg4avhby1noc0d"),
        ("そのスピードで", "d9juau41awczczp"),
        ("-> $1.00 <-", "-> $1.00 <--"),
    ])
    func `punycode agrees with the samples of RFC 3492`(label: String, ascii: String) {
        #expect(Punycode.encode(label) == ascii)
        #expect(Punycode.decode(ascii) == label)
    }

    @Test(arguments: Seeded.seeds)
    func `punycode gives every label back`(seed: UInt64) {
        var random = Seeded(seed: seed)
        for _ in 0..<500 {
            let label = random.text()
            #expect(Punycode.decode(Punycode.encode(label)).map { Array($0.unicodeScalars) } == Array(label.unicodeScalars))
        }
    }

    @Test(arguments: ["99999999999999999999", "é", "a-!", "zzzzzzzzzzzzzzzzzzzz"])
    func `what is no punycode has no label`(text: String) {
        #expect(Punycode.decode(text) == nil)
    }

    @Test(arguments: [
        ("ｶﾞ", "ガ"), ("ﾊﾟ", "パ"), ("か\u{301}ﾞ", "が\u{301}"), ("\u{AC00}\u{11A8}", "\u{AC01}"), ("\u{1113}\u{1161}", "\u{1113}\u{1161}"), ("㈱", "(株)"),
        ("㍿", "株式会社"), ("Ａ１", "A1"), ("q\u{307}\u{323}", "q\u{323}\u{307}"), ("ﬁ", "fi"), ("か\u{3099}", "が"),
    ])
    func `NFKC is PostgreSQL's, scalar by scalar`(text: String, normal: String) {
        #expect(Array(PlainText.nfkc(text).unicodeScalars) == Array(normal.unicodeScalars))
    }

    @Test func `only white space is blank, and nothing else is taken from a text`() {
        #expect(PlainText.nonBlank(nil) == nil)
        #expect(PlainText.nonBlank(" \t\r\n\u{3000}\u{A0}\u{2009}") == nil)
        #expect(PlainText.nonBlank(" a ") == " a ")
        #expect(PlainText.nonBlank("\u{200B}") == "\u{200B}")
        #expect(PlainText.squeezed("\u{3000} A\r\n B \u{2003}") == "A B")
    }

    @Test func `U+0000 is dropped from texts and told, and ten thousand characters stay whole`() {
        let long = String(repeating: "長", count: 10_000)
        var lead = Lead(id: LeadID(rawValue: 1), firstName: "Ta\0ro\0", lastName: long, company: "\0")
        #expect(lead.dropNullCharacters() == ["firstName", "company"])
        #expect(lead.firstName == "Taro")
        #expect(lead.company == "")
        #expect(lead.lastName == long)
        #expect(lead.dropNullCharacters() == [])
    }

    @Test func `a stable hash is the same in every run`() {
        #expect(StableHash("acme").value == StableHash("acme").value)
        #expect(StableHash("").value != StableHash().value)
        var one = StableHash()
        one.add("a")
        one.add(String?.none)
        var two = StableHash()
        two.add("a")
        two.add("")
        #expect(one.value != two.value)
    }
}
