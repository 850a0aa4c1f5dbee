import Marketo
import Runtime
import Store
import Sync

/// Reads the leads of a subscription, one call after the other.
struct LeadSource: Sendable {
    /// How long to wait between tries, once Marketo has answered at all: a fault that passes must not cost a reading of an hour.
    private static let waits: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(15)]

    let client: MarketoClient
    /// What is asked for: without the fields that Marketo turned out not to have.
    private(set) var fields: LeadFields
    /// The fields to which it is written what sales did, as far as they are there: by their role.
    private let written: [DesiredValue.Field: String]
    private var hasAnswered = false

    /// Reads `fields` by `client`.
    init(client: MarketoClient, fields: LeadFields = LeadFields(), written: [DesiredValue.Field: String] = [:]) {
        self.client = client
        self.fields = fields
        self.written = written
    }

    /// Of the fields that the sync writes those that were asked for and are there.
    var pushFields: [DesiredValue.Field: String] { self.written.filter { self.fields.others.contains($0.value) } }

    /// Leads by their ids, at most 300; without the fields that Marketo turns out not to have, if it names them.
    mutating func leads(_ ids: [LeadID]) async throws -> LeadPage {
        var waits = Self.waits[...]
        while true {
            do {
                let page = try await self.client.leads(ids: ids, fields: self.fields)
                self.hasAnswered = true
                return page
            } catch let error as MarketoError where error.isFieldMissing && self.fields.without(error.missingFields) != self.fields {
                self.fields = self.fields.without(error.missingFields)
            } catch let error as MarketoError where self.hasAnswered && error.passes {
                guard let wait = waits.popFirst() else { throw error }
                try await Task.sleep(for: wait)
            } catch let held as HeldBack where self.hasAnswered && (held.cause == .window || held.cause == .concurrency) {
                // Others are at it: it has waited for a place already, and asks for one again.
                try Task.checkCancellation()
            }
        }
    }

    /// The highest lead id; nil if there is no lead.
    ///
    /// - Parameter known: a lead that is known from elsewhere, if any.
    mutating func highest(atLeast known: LeadID? = nil) async throws -> LeadID? {
        var plan = FrontierPlan(atLeast: known)
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

extension MarketoError {
    /// Asking again in a moment may well do.
    fileprivate var passes: Bool {
        self.code == .windowFull || self.code == .tooManyAtOnce || Complaint.ending(of: self.code) == .unreachable
    }
}
