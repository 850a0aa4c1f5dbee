import Postgres
import Sync

extension AccountWriter {
    /// Finds the account of each case, or makes it (R43–R51); `tx` has the turn of the accounts.
    ///
    /// Of several cases that lead to one new account the first names it.
    func settle(_ cases: inout [AccountCase], in tx: PostgresTransaction) async throws(PostgresError) {
        // Domains first: what they make, a lead that asks by name and phone may find.
        for isByDomain in [true, false] {
            let places = cases.indices.filter { (cases[$0].plan.key.domain != nil) == isByDomain }
            guard !places.isEmpty else { continue }
            var part = places.map { cases[$0] }
            for (place, home) in try await self.homes(by: part.map(\.plan), in: tx).enumerated() { part[place].home = home }
            try await self.make(&part, in: tx)
            for (place, one) in zip(places, part) { cases[place] = one }
        }
    }

    /// R51, D1: what was not found is made; keys that would make accounts alike make one.
    private func make(_ cases: inout [AccountCase], in tx: PostgresTransaction) async throws(PostgresError) {
        var drafts: [MakeAccounts.Draft] = []
        var draftOfKey: [AccountKey: Int] = [:]
        var draftOfRememberedKey: [String: Int] = [:]
        var draftOfCase: [Int: Int] = [:]
        for (place, one) in cases.enumerated() where one.home == nil {
            let sameness = one.plan.lookups.last ?? .placeholder
            let remembered = one.plan.key.bounded
            // By what would be found, and by what is remembered: after a change of settings two questions may have come to the same key.
            if let draft = draftOfRememberedKey[remembered] ?? draftOfKey[sameness] {
                draftOfCase[place] = draft
                draftOfKey[sameness] = draft
                draftOfRememberedKey[remembered] = draft
                continue
            }
            drafts.append(
                MakeAccounts.Draft(
                    key: remembered, name: one.plan.accountName, phone: one.plan.accountPhone, lead: one.lead, rule: one.plan.key.rule,
                    job: one.job))
            draftOfKey[sameness] = drafts.count - 1
            draftOfRememberedKey[remembered] = drafts.count - 1
            draftOfCase[place] = drafts.count - 1
        }
        guard !drafts.isEmpty else { return }
        let made = try await tx.query(MakeAccounts(tenant: self.tenant, drafts: drafts))
        let accountOfDraft = Dictionary(made.map { ($0.place, $0.account) }, uniquingKeysWith: { first, _ in first })
        for (place, draft) in draftOfCase { cases[place].home = accountOfDraft[draft].map { AccountHome(account: $0, rule: "new") } }
    }
}
