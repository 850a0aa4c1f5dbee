import Sync
import Testing

@Suite struct EmailTests {
    private func isValid(_ email: String) -> Bool { if case .valid = EmailAddress.read(email) { true } else { false } }

    @Test(arguments: [
        ("Taro@Example.CO.JP", "taro@example.co.jp"), (" taro@example.co.jp\u{3000}", "taro@example.co.jp"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ", "taro@example.co.jp"), ("taro@例え。テスト", "taro@xn--r8jz45g.xn--zckzah"),
        ("taro@MÜNCHEN.de.", "taro@xn--mnchen-3ya.de"), ("taro@XN--MNCHEN-3YA.de", "taro@xn--mnchen-3ya.de"),
    ])
    func `R41 two spellings of one address have one key`(spelling: String, key: String) {
        #expect(EmailKey(spelling)?.text == key)
    }

    @Test func `R41 no locale touches the local part: dotted I and sharp s stay`() {
        #expect(EmailKey("İß@a.jp") != EmailKey("i̇ss@a.jp"))
        #expect(EmailKey("İ@a.jp")?.text.hasPrefix("İ") == true)
    }

    @Test func `D10 a blank e-mail is missing, not invalid`() {
        #expect(EmailAddress.read(nil) == .missing)
        #expect(EmailAddress.read("") == .missing)
        #expect(EmailAddress.read(" \u{3000}\t") == .missing)
        #expect(EmailKey(" ") == nil)
    }

    @Test func `R44 the domain is what follows the last @, and sub-domains are different domains`() {
        #expect(EmailDomain(email: "a@info.example.co.jp")?.text == "info.example.co.jp")
        #expect(EmailDomain(email: "a@b@Example.jp.")?.text == "example.jp")
        #expect(EmailDomain(email: "a@info.example.jp") != EmailDomain(email: "a@example.jp"))
        #expect(EmailDomain(email: "nobody") == nil)
        #expect(EmailDomain(email: "nobody@") == nil)
        #expect(EmailDomain(email: "nobody@.") == nil)
    }

    @Test(arguments: [
        "a@b.jp", "taro..yamada@docomo.ne.jp", "taro.@ezweb.ne.jp", ".taro@docomo.ne.jp", "a+b/c=d?e^f_`{|}~!#$%&'*-@x-y.example", "taro@例え.jp",
        " taro@example.jp ", "ｔａｒｏ@example.jp", "1@1.2",
    ])
    func `R65 a valid address is registered, the old docomo and au forms too`(email: String) { #expect(self.isValid(email)) }

    @Test(arguments: [
        "foo@@bar", "foo@@bar.jp", "foo", "@bar.jp", "foo@", "foo@bar", "foo@bar..jp", "foo@.bar.jp", "foo@bar.jp.", "foo@-bar.jp", "foo@bar-.jp",
        "foo bar@baz.jp",
        "太郎@example.jp", "foo@bar_baz.jp", "\"foo\"@bar.jp", "foo@[127.0.0.1]", "foo,@bar.jp", "foo@bar.jp\u{200B}", "foo@bar。jp。", "foo@👩.jp",
    ])
    func `R65 an address in an invalid form is refused`(email: String) { #expect(EmailAddress.read(email) == .invalid(email)) }

    @Test func `R65 a label of 63 letters is valid, one of 64 is not`() {
        #expect(self.isValid("a@" + String(repeating: "x", count: 63) + ".jp"))
        #expect(!self.isValid("a@" + String(repeating: "x", count: 64) + ".jp"))
    }

    @Test func `the address is kept as received but trimmed`() {
        guard case .valid(let address) = EmailAddress.read(" Taro@Example.JP\n") else {
            Issue.record("The address was refused.")
            return
        }
        #expect(address.text == "Taro@Example.JP")
        #expect(address.key.text == "taro@example.jp")
    }

    @Test(arguments: Seeded.seeds)
    func `R41 R44 the key of a key is the key, and its domain is the address's`(seed: UInt64) {
        var random = Seeded(seed: seed)
        for _ in 0..<2000 {
            let text = random.text() + (Bool.random(using: &random) ? "@" + random.text() : "")
            guard let key = EmailKey(text) else { continue }
            // A dot or white space that the key ends in would be taken away by a second look; valid addresses have none.
            guard case .valid(let address) = EmailAddress.read(text) else { continue }
            #expect(EmailKey(key.text)?.text.utf8.elementsEqual(key.text.utf8) == true)
            #expect(EmailDomain(email: key.text) == address.domain)
            #expect(EmailKey(address.text) == key)
        }
    }
}
