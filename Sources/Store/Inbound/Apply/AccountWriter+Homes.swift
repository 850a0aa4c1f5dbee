import Postgres
import Sync

extension AccountWriter {
    /// A plan whose account is looked for.
    private struct Search {
        let plan: AccountPlan
        var home: AccountHome?
    }

    /// The accounts that are there already for leads with these plans (R43–R47), in their order; none is made.
    ///
    /// - Parameter firstOnly: only by the first way to look; whether a second one counts is for those to say who may also make an account.
    func homes(by plans: [AccountPlan], firstOnly: Bool = false, in tx: PostgresTransaction) async throws(PostgresError) -> [AccountHome?] {
        var placeOfLookups: [[AccountKey]: Int] = [:]
        var searches: [Search] = []
        for plan in plans where placeOfLookups[plan.lookups] == nil {
            placeOfLookups[plan.lookups] = searches.count
            searches.append(Search(plan: plan))
        }
        let folded = self.settings.legalForm == .fold
        let country = self.settings.phoneCountry
        let steps = searches.map(\.plan.lookups.count).max() ?? 0
        for step in 0..<(firstOnly ? min(steps, 1) : steps) {
            let lookup = { (one: Search) -> AccountKey? in one.plan.lookups.indices.contains(step) ? one.plan.lookups[step] : nil }
            try await self.find(&searches, in: tx, asking: { lookup($0)?.domain?.text }) {
                FindAccountsByDomain(tenant: self.tenant, domains: $0)
            }
            try await self.find(&searches, in: tx, asking: { lookup($0)?.nameQuestion(country) }) {
                FindAccountsByName(tenant: self.tenant, questions: $0, folded: folded)
            }
            try await self.find(&searches, in: tx, asking: { lookup($0) == .placeholder ? AccountKey.placeholder.bounded : nil }) {
                FindAccountsByKey(tenant: self.tenant, keys: $0)
            }
        }
        // A domain whose account was made here before, though no contact leads to it any more: not a second one.
        try await self.find(&searches, in: tx, asking: { $0.plan.key.domain == nil ? nil : $0.plan.key.bounded }) {
            FindAccountsByKey(tenant: self.tenant, keys: $0)
        }
        return plans.map { plan in placeOfLookups[plan.lookups].flatMap { searches[$0].home } }
    }

    /// Asks one sort of question for those that have no account yet and have that question.
    private func find<Asked, Statement: PostgresStatement>(
        _ searches: inout [Search], in tx: PostgresTransaction, asking question: (Search) -> Asked?, _ statement: ([Asked]) -> Statement
    ) async throws(PostgresError) where Statement.Row == FoundAccount {
        var places: [Int] = []
        var asked: [Asked] = []
        for (place, one) in searches.enumerated() where one.home == nil {
            guard let value = question(one) else { continue }
            places.append(place)
            asked.append(value)
        }
        guard !asked.isEmpty else { return }
        for found in try await tx.query(statement(asked)) where places.indices.contains(found.place) {
            let place = places[found.place]
            searches[place].home = AccountHome(account: found.account, rule: searches[place].plan.key.rule)
        }
    }
}
