/// Makes up Japanese leads as marketing databases hold them: good ones, and the untidy ones that imports and forms leave behind.
struct LeadGenerator {
    private var random: SeededRandom
    private let companies: Int
    /// Addresses given so far, for the few leads that share one.
    private var recentEmails: [String] = []

    /// - Parameter leads: How many will be made; a company has about a dozen of them.
    init(seed: UInt64, leads: Int) {
        self.random = SeededRandom(seed: seed)
        self.companies = max(1, leads / 12)
    }

    /// The made-up facts of one lead; `nil` fields are unset.
    struct Draft {
        var email: String?
        var firstName: String?
        var lastName: String?
        var company: String?
        var title: String?
        var department: String?
        var phone: String?
        var mobilePhone: String?
        var mainPhone: String?
        var score: Int64?
        var source: String?
        var hasAcquisitionDate: Bool
    }

    /// The next lead.
    ///
    /// `number` makes its address its own.
    mutating func next(number: Int) -> Draft {
        let last = self.pick(SeedWords.lastNames)
        let first = self.pick(SeedWords.firstNames)
        let company = self.random.below(self.companies)
        let phones = PhoneShapes(number: number)
        var draft = Draft(hasAcquisitionDate: !self.random.percent(12))
        draft.lastName = self.random.percent(3) ? nil : self.random.percent(2) ? "　\(last.written)　" : last.written
        draft.firstName = self.random.percent(8) ? nil : self.random.percent(2) ? SeedWords.fullWidth(first.read) : first.written
        draft.company = self.random.percent(4) ? nil : self.companyName(company)
        draft.title = self.random.percent(35) ? nil : self.pick(SeedWords.titles)
        draft.department = self.random.percent(30) ? nil : self.pick(SeedWords.departments)
        draft.phone = self.random.percent(30) ? nil : phones.landline(shape: self.random.below(7))
        draft.mobilePhone = self.random.percent(60) ? nil : phones.mobile(shape: self.random.below(4))
        draft.mainPhone = self.random.percent(50) ? nil : PhoneShapes(number: company).landline(shape: self.random.below(3))
        draft.score = self.random.percent(15) ? nil : Int64(self.random.below(120))
        draft.source = self.random.percent(20) ? nil : self.pick(SeedWords.sources)
        draft.email = self.email(last: last.read, first: first.read, company: company, number: number)
        return draft
    }

    /// 3 % none, 1.5 % unusable, 1 % somebody else's, 12 % free mail, the rest the company's own domain.
    private mutating func email(last: String, first: String, company: Int, number: Int) -> String? {
        if self.random.percent(3) { return nil }
        if self.random.percent(1.5) {
            return self.pick(["\(last).\(first)", "\(first)@", "\(last) \(first)@example.jp", "\(last)@@example.jp", "不明"])
        }
        if self.random.percent(1), let shared = self.recentEmails.last { return shared }
        let domain = self.random.percent(12) ? self.pick(SeedWords.freeMail) : self.domain(company)
        var email = "\(last).\(first)\(String(number, radix: 36))@\(domain)"
        if self.random.percent(2) { email = email.uppercased() }
        self.recentEmails = [email]
        return email
    }

    private func domain(_ company: Int) -> String {
        let words = SeedWords.companyWords
        let kind = SeedWords.industries[company / words.count % SeedWords.industries.count]
        return "\(words[company % words.count].read)-\(kind.read)\(company / (words.count * SeedWords.industries.count)).co.jp"
    }

    private mutating func companyName(_ company: Int) -> String {
        let words = SeedWords.companyWords
        let kind = SeedWords.industries[company / words.count % SeedWords.industries.count]
        let series = company / (words.count * SeedWords.industries.count)
        let name = words[company % words.count].written + kind.written + (series == 0 ? "" : "第\(series)")
        switch self.random.below(20) {
        case 0: return "(株)\(name)"
        case 1: return "㈱\(name)"
        case 2: return "\(name)　株式会社"
        default: return company % 3 == 0 ? "\(name)株式会社" : "株式会社\(name)"
        }
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element {
        list[self.random.below(list.count)]
    }
}
