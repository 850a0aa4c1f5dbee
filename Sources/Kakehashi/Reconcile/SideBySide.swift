import Marketo
import Postgres
import Store
import Sync

/// Looks at some leads on both sides: Marketo first, so that what is here can only be newer.
struct SideBySide: Sendable {
    /// How long to wait for jobs that are at the leads in question; whatever takes longer is left out of the comparison.
    private static let patience = Duration.seconds(30)

    private(set) var source: LeadSource
    let pool: PostgresPool
    let tenant: TenantID
    let settings: TenantSettings

    init(source: LeadSource, pool: PostgresPool, tenant: TenantID, settings: TenantSettings) {
        self.source = source
        self.pool = pool
        self.tenant = tenant
        self.settings = settings
    }

    /// The highest lead id in Marketo; nil if there is no lead.
    mutating func highest(atLeast known: LeadID?) async throws -> LeadID? { try await self.source.highest(atLeast: known) }

    /// Compares up to 300 leads, with one call; how many of them Marketo has.
    ///
    /// - Parameter ignoresWork: what waits or runs is no excuse.
    mutating func compare(_ ids: [LeadID], ignoringWork ignoresWork: Bool = false) async throws -> (comparison: LeadComparison, leads: Int) {
        let page = try await self.source.leads(ids)
        let leads = try await self.filled(page.leads.map { CleanLead($0).lead })
        var standings = try await self.pool.query(FindStandings(tenant: self.tenant, leads: ids))
        if ignoresWork { standings = standings.map(\.atRest) }
        let candidates =
            leads.isEmpty
            ? []
            : try await self.pool.query(FindContacts(tenant: self.tenant, leads: leads.map(\.id), emails: Array(Set(leads.compactMap(\.emailKey)))))
        let unreadable = Set(page.unreadable.compactMap(\.leadID))
        let answer = LeadComparison.Answer(asked: ids, leads: leads, unreadable: unreadable, shown: self.shown(page))
        let pushes = leads.isEmpty ? [] : try await self.pushes(of: leads.map(\.id), ignoringWork: ignoresWork)
        return (
            LeadComparison(answer, standings: standings, candidates: candidates, settings: self.settings, pushes: pushes),
            leads.count + unreadable.count
        )
    }

    /// What Marketo should show of leads, worked out anew from the whole story.
    private func pushes(of leads: [LeadID], ignoringWork ignoresWork: Bool) async throws -> [PushStanding] {
        let names = self.source.pushFields
        guard !names.isEmpty else { return [] }
        let states = try await self.pool.query(FindPushStates(tenant: self.tenant, leads: leads))
        guard !states.isEmpty else { return [] }
        return try await Projection(tenant: self.tenant, settings: self.settings)
            .standings(states, named: names, ignoringWork: ignoresWork, on: self.pool)
    }

    /// What the leads of a page show in the fields that the sync writes.
    private func shown(_ page: LeadPage) -> [LeadID: [String: String?]] {
        let asked = Set(self.source.fields.others)
        return page.leads.reduce(into: [:]) { shown, lead in
            let values = page.others[lead.id] ?? [:]
            shown[lead.id] = asked.reduce(into: [:]) { $0[$1] = .some(values[$1]?.shownText) }
        }
    }

    /// Looks again at what seemed to differ, when the jobs that were at it are over.
    mutating func lookAgain(at first: Reconciliation, ignoringWork ignoresWork: Bool = false) async throws -> Reconciliation {
        var reconciliation = first
        let suspects = first.suspects
        for start in stride(from: 0, to: suspects.count, by: MarketoClient.recordsPerCall) {
            let part = Array(suspects[start..<min(start + MarketoClient.recordsPerCall, suspects.count)])
            if !ignoresWork { try await self.waitForJobs(at: part) }
            reconciliation.takeSecond(try await self.compare(part, ignoringWork: ignoresWork).comparison)
        }
        return reconciliation
    }

    private func waitForJobs(at leads: [LeadID]) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + Self.patience
        while clock.now < deadline {
            guard try await self.pool.first(CountLeadJobs(tenant: self.tenant, leads: leads, includingDue: false)) ?? 0 > 0 else { return }
            try await clock.sleep(for: .milliseconds(100))
        }
    }

    /// With what was last read in the fields that this subscription does not have: of these no answer says anything, and a contact keeps what it shows.
    private func filled(_ leads: [Lead]) async throws -> [Lead] {
        let asked = Set(self.source.fields.names.map(\.field))
        let unasked = [LeadField.email, .leadScore, .acquisitionDate].filter { !asked.contains($0) }
        guard !unasked.isEmpty, !leads.isEmpty else { return leads }
        let mirror = try await self.pool.query(ReadMirror(tenant: self.tenant, leads: leads.map(\.id), includingGone: true))
        let known = Dictionary(mirror.map { ($0.lead.id, $0.lead) }) { first, _ in first }
        return leads.map { lead in
            guard let former = known[lead.id] else { return lead }
            var lead = lead
            if unasked.contains(.email) { lead.email = former.email }
            if unasked.contains(.leadScore) { lead.leadScore = former.leadScore }
            if unasked.contains(.acquisitionDate) { lead.acquisitionDate = former.acquisitionDate }
            return lead
        }
    }
}
