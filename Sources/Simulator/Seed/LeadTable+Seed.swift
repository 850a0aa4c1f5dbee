extension LeadTable {
    /// Makes the seed's leads and a New Lead for each.
    ///
    /// Their dates of creation rise with the id over the two years before `now`; the newest twenty are a quarter of an hour apart.
    static func seeded(_ seed: LeadSeed, catalog: FieldCatalog, now: Int64) -> (leads: LeadTable, log: ActivityLog) {
        var table = LeadTable(catalog: catalog, firstID: seed.firstID)
        var log = ActivityLog()
        guard seed.leads > 0 else { return (table, log) }
        var generator = LeadGenerator(seed: seed.seed, leads: seed.leads)
        var dice = SeededRandom(seed: seed.seed ^ 0x5EED)
        let density = min(1, max(0.001, seed.density))
        table.reserve(rows: seed.leads, ids: Int(Double(seed.leads) / density))
        log.reserve(seed.leads)
        let recent = min(20, seed.leads / 2 + 1)
        let old = seed.leads - recent
        let begin = now - 730 * 86_400
        let span = 730 * 86_400 - Int64(recent + 1) * 900
        for number in 0..<seed.leads {
            if density < 1 {
                var gap = 0
                while dice.fraction() > density { gap += 1 }
                table.skipIDs(gap)
            }
            let createdAt = number < old ? begin + span * Int64(number) / Int64(max(1, old)) : now - Int64(seed.leads - number) * 900
            let row = table.append()
            let updatedAt = dice.percent(60) ? createdAt : createdAt + Int64(Double(now - createdAt) * dice.fraction())
            table.fill(row: row, with: generator.next(number: number), createdAt: createdAt, updatedAt: updatedAt)
            log.appendGenerated(lead: table.id(ofRow: row), date: createdAt)
        }
        return (table, log)
    }

    /// Writes a made-up lead's facts into its row.
    mutating func fill(row: Int, with draft: LeadGenerator.Draft, createdAt: Int64, updatedAt: Int64) {
        func text(_ value: String?) -> FieldValue { value.map(FieldValue.text) ?? .none }
        self[row, LeadField.Index.email] = text(draft.email)
        self[row, LeadField.Index.firstName] = text(draft.firstName)
        self[row, LeadField.Index.lastName] = text(draft.lastName)
        self[row, LeadField.Index.company] = text(draft.company)
        self[row, LeadField.Index.title] = text(draft.title)
        self[row, LeadField.Index.department] = text(draft.department)
        self[row, LeadField.Index.phone] = text(draft.phone)
        self[row, LeadField.Index.mobilePhone] = text(draft.mobilePhone)
        self[row, LeadField.Index.mainPhone] = text(draft.mainPhone)
        self[row, LeadField.Index.leadScore] = draft.score.map(FieldValue.number) ?? .none
        self[row, LeadField.Index.leadSource] = text(draft.source)
        self[row, LeadField.Index.acquisitionDate] = draft.hasAcquisitionDate ? .number(createdAt) : .none
        self[row, LeadField.Index.createdAt] = .number(createdAt)
        self[row, LeadField.Index.updatedAt] = .number(updatedAt)
    }
}
