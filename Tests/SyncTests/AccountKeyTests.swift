import Sync
import Testing

@Suite struct AccountKeyTests {
    @Test func `R47 hyphens, brackets, spaces and plus signs of a phone don't count`() {
        for phone in ["03-1234-5678", "(03) 1234 5678", "０３ー１２３４−５６７８", "03‐1234–5678", "+03 1234 5678"] {
            #expect(PhoneKey(phone)?.digits == "0312345678")
        }
        #expect(PhoneKey("ext.") == nil)
        #expect(PhoneKey(nil) == nil)
    }

    @Test func `R47 plus 81 and 0 are one only with phone-country=81`() {
        for phone in ["+81 3-1234-5678", "81312345678", "+81 (0)3 1234 5678", "03-1234-5678"] {
            #expect(PhoneKey(phone, country: .japan)?.digits == "0312345678")
        }
        #expect(PhoneKey("+81 90-1234-5678", country: .japan)?.digits == "09012345678")
        #expect(PhoneKey("+81 3-1234-5678")?.digits == "81312345678")
        #expect(PhoneKey("8112345", country: .japan)?.digits == "8112345")
        #expect(PhoneKey("03-1234-5678")?.spellings(country: .japan) == ["0312345678", "81312345678", "810312345678"])
        #expect(PhoneKey("03-1234-5678")?.spellings(country: .off) == ["0312345678"])
        #expect(PhoneKey("110")?.spellings(country: .japan) == ["110"])
    }

    @Test func `R47 company names are compared in NFKC with white space squeezed, legal forms distinct`() {
        #expect(CompanyKey(" 株式会社　 ﾏﾂﾘｶ ")?.text == "株式会社 マツリカ")
        #expect(CompanyKey("㈱マツリカ") == CompanyKey("(株)マツリカ"))
        #expect(CompanyKey("(株)マツリカ") != CompanyKey("株式会社マツリカ"))
        #expect(CompanyKey("ACME") != CompanyKey("Acme"))
        #expect(CompanyKey("\u{3000} ") == nil)
    }

    @Test func `R47 legal-form=fold makes the short and the long legal form one, but not front and rear`() {
        for name in ["㈱マツリカ", "（株） マツリカ", "(株)マツリカ", "㍿マツリカ", "株式会社　マツリカ"] {
            #expect(CompanyKey(name, legalForm: .fold)?.text == "株式会社マツリカ")
        }
        #expect(CompanyKey("マツリカ ㈲", legalForm: .fold)?.text == "マツリカ有限会社")
        #expect(CompanyKey("(同)A B", legalForm: .fold)?.text == "合同会社A B")
        #expect(CompanyKey("マツリカ㈱", legalForm: .fold) != CompanyKey("㈱マツリカ", legalForm: .fold))
    }

    @Test(arguments: Seeded.seeds)
    func `R47 the key of a key is the key, byte by byte`(seed: UInt64) {
        var random = Seeded(seed: seed)
        for _ in 0..<2000 {
            let text = random.text()
            for form in TenantSettings.LegalForm.allCases {
                guard let key = CompanyKey(text, legalForm: form) else { continue }
                #expect(CompanyKey(key.text, legalForm: form)?.text.utf8.elementsEqual(key.text.utf8) == true)
            }
            for country in TenantSettings.PhoneCountry.allCases {
                guard let key = PhoneKey(text, country: country) else { continue }
                #expect(PhoneKey(key.digits, country: country) == key)
            }
        }
    }

    @Test(arguments: ["domain:example.co.jp", "name:0312345678:A: B", "name::株式会社A", "folded-name::株式会社A", "placeholder"])
    func `the text form of an account key gives the key back`(text: String) { #expect(AccountKey(text: text)?.text == text) }

    @Test(arguments: ["", "domain:", "name:A", "name:x:A", "name::", "elsewhere:a.jp", "placeholder:"])
    func `what is no account key is none`(text: String) { #expect(AccountKey(text: text) == nil) }
}
