import Marketo
import Sync

/// Reads the leads of a subscription, one call after the other.
struct LeadSource: Sendable {
    let client: MarketoClient

    /// Leads by their ids, at most 300; without the fields that Marketo turns out not to have, if it names them.
    func leads(_ ids: [LeadID]) async throws -> LeadPage {
        do {
            return try await self.client.leads(ids: ids)
        } catch let error as MarketoError where error.isFieldMissing && !error.missingFields.isEmpty {
            return try await self.client.leads(ids: ids, fields: LeadFields().without(error.missingFields))
        }
    }

    /// The highest lead id; nil if there is no lead.
    func highest() async throws -> LeadID? {
        var plan = FrontierPlan()
        while true {
            switch plan.next {
            case .done(let highest): return highest
            case .probe(let ids): plan.answer(leads: try await self.leads(ids).leads.map { ($0.id, $0.createdAt) })
            case .openFeed(let since): plan.answer(token: try await self.client.pagingToken(since: since))
            case .readFeed(let token):
                let page = try await self.client.activities(token: token, types: [ActivityTypeID.newLead])
                plan.answer(newLeads: page.activities.map(\.leadID), next: page.moreResult ? page.nextPageToken : nil)
            }
        }
    }
}
