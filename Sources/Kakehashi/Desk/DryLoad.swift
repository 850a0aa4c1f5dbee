import Foundation
import Marketo
import Postgres
import Runtime
import Store
import Sync

/// What a full load would do, without doing it: every lead is read and decided about by the rules of the load, and nothing is written on either side.
///
/// In this process, without workers, also before the tenant is started. Its calls are real ones, and booked as such.
struct DryLoad: Sendable {
    /// What would become of the leads; those that have their contact already are in none of these.
    struct Forecast: Sendable, Equatable {
        /// Leads of which a contact would be made.
        var create = 0
        /// Leads that would be linked with a contact that is there, or with one that another lead makes.
        var link = 0
        /// Leads that can't be registered.
        var quarantine = 0

        /// The document that CONTRACT 3 describes.
        var json: JSONFact {
            .object([("create", JSONFact(self.create)), ("link", JSONFact(self.link)), ("quarantine", JSONFact(self.quarantine))])
        }

        /// The same for people.
        func sentence(_ name: String) -> String {
            "A full load of \(name) would create \(Amount.count(self.create)) contacts, link \(Amount.count(self.link)) leads with contacts that are there, "
                + "and list \(Amount.count(self.quarantine)) leads in quarantine."
        }
    }

    let place: Workplace
    let words: Words

    /// Reads all leads of the tenant.
    ///
    /// - Throws: `TenantError.unknown`; a ``Complaint``, 75 when the quota is spent.
    func run(_ name: String) async throws -> Forecast {
        try await LeadDesk(place: self.place).lend(name, for: .interactive) { source, tenant, settings in
            try await self.read(source, of: tenant, settings)
        }
    }

    private func read(_ source: LeadSource, of tenant: Tenant, _ settings: TenantSettings) async throws -> Forecast {
        var source = source
        let blocks = (try await source.highest()).map { LeadBlock(holding: $0).number + 1 } ?? 0
        let clock = ContinuousClock()
        var narrator = Narrator(title: tenant.name, words: self.words, terminal: .error)
        var progress = LoadProgress(blocksDone: 0, blocksTotal: Int(blocks), leads: 0, callsLeft: nil)
        var forecast = Forecast()
        // Addresses of the contacts that leads of former pages would have made: the database does not know them.
        var made: Set<EmailKey> = []
        // The newest first, as the load does.
        for number in (0..<blocks).reversed() {
            let page = try await source.leads(LeadBlock(number: number).leadIDs)
            forecast.quarantine += page.unreadable.count
            try await self.decide(page.leads, of: tenant.id, settings, &forecast, &made)
            progress.blocksDone += 1
            progress.leads += page.leads.count
            narrator.tell(progress, at: clock.now)
        }
        narrator.finish()
        return forecast
    }

    private func decide(
        _ leads: [Lead], of tenant: TenantID, _ settings: TenantSettings, _ forecast: inout Forecast, _ made: inout Set<EmailKey>
    ) async throws {
        guard !leads.isEmpty else { return }
        let clean = leads.map { CleanLead($0).lead }
        let keys = Dictionary(clean.map { ($0.id, $0.emailKey) }) { _, later in later }
        let candidates = try await self.place.pool.query(
            FindContacts(tenant: tenant, leads: clean.map(\.id), emails: Array(Set(keys.values.compactMap(\.self)))))
        var match = ContactMatch(candidates: candidates, settings: settings)
        for decision in match.decide(clean) {
            switch decision.outcome {
            case .create:
                if let key = keys[decision.lead] ?? nil, !made.insert(key).inserted { forecast.link += 1 } else { forecast.create += 1 }
            case .apply(let links): if links.contains(where: \.isNew) { forecast.link += 1 }
            case .quarantine: forecast.quarantine += 1
            case .tombstone: break
            }
        }
    }
}
