extension World {
    /// One random change, as the setting weighs them.
    mutating func liveChange(_ setting: LifeSetting, at uptime: Int64) {
        let kinds = [
            ("score", setting.score), ("edit", setting.edit), ("create", setting.create), ("delete", setting.delete), ("merge", setting.merge),
            ("web", setting.web), ("mail", setting.mail),
        ]
        var left = self.random.fraction() * kinds.reduce(0) { $0 + $1.1 }
        let kind = kinds.first { weighed in
            left -= weighed.1
            return left < 0
        }?.0
        guard let kind else { return }
        if kind == "create" || self.leads.count < 3 {
            self.createMadeUp(1, at: uptime)
        } else if let lead = self.anyLead(), let row = self.leads.row(of: lead) {
            self.live(kind, lead: lead, row: row, at: uptime)
        }
        self.desk.lived(kind)
    }

    /// Adds made-up leads, as if people had filled out forms.
    @discardableResult mutating func createMadeUp(_ count: Int, at uptime: Int64) -> [Int64] {
        var generator = LeadGenerator(seed: self.random.next(), leads: max(120, self.leads.count))
        return (0..<max(0, count)).map { _ in
            let draft = generator.next(number: Int(self.leads.nextID) + 1_000_000)
            let id = self.create([], source: .person, at: uptime)
            if let row = self.leads.row(of: id), let createdAt = self.leads[row, LeadField.Index.createdAt].number,
                let updatedAt = self.leads[row, LeadField.Index.updatedAt].number
            {
                self.leads.fill(row: row, with: draft, createdAt: createdAt, updatedAt: updatedAt)
            }
            return id
        }
    }

    private mutating func live(_ kind: String, lead: Int64, row: Int, at uptime: Int64) {
        switch kind {
        case "score":
            let score = (self.leads[row, LeadField.Index.leadScore].number ?? 0) + Int64(self.random.below(20)) + 1
            self.apply([(LeadField.Index.leadScore, .number(score))], toRow: row, source: .person, at: uptime)
        case "edit":
            let number = Int(lead) + self.random.below(1_000_000)
            let edits: [(field: Int, value: FieldValue)] = [
                (LeadField.Index.lastName, .text(SeedWords.lastNames[self.random.below(SeedWords.lastNames.count)].written)),
                (LeadField.Index.title, .text(SeedWords.titles[self.random.below(SeedWords.titles.count)])),
                (LeadField.Index.phone, .text(PhoneShapes(number: number).landline(shape: self.random.below(7)))),
                (LeadField.Index.email, .text("changed.\(String(number, radix: 36))@aoba-soft0.co.jp")),
            ]
            self.apply([edits[self.random.below(edits.count)]], toRow: row, source: .person, at: uptime)
        case "delete": self.delete(lead, at: uptime)
        case "merge":
            guard let loser = self.anyLead(), loser != lead else { return }
            // Both are there, and one is not twenty-six: nothing to refuse.
            try? self.merge([loser], into: lead, at: uptime)
        default: self.visit(lead, isMail: kind == "mail", at: uptime)
        }
    }

    private mutating func visit(_ lead: Int64, isMail: Bool, at uptime: Int64) {
        let number = Int64(self.random.below(90)) + 1
        self.commit(
            Activity(
                type: isMail ? [6, 10, 11][self.random.below(3)] : [1, 2][self.random.below(2)], lead: lead, date: self.seconds(at: uptime),
                campaign: isMail ? 1_000 + number : nil, primaryID: number, primaryValue: isMail ? "News 第\(number)号" : "/pricing/\(number)",
                attributes: isMail
                    ? [.init("Choice Number", "0"), .init("Step ID", "1")]
                    : [.init("Client IP Address", "203.0.113.7"), .init("Webpage URL", .string("/pricing/\(number)"))]))
    }

    private mutating func anyLead() -> Int64? {
        for _ in 0..<200 {
            let id = self.leads.firstID + Int64(self.random.below(Int(self.leads.nextID - self.leads.firstID)))
            if self.leads.row(of: id) != nil { return id }
        }
        return nil
    }
}
