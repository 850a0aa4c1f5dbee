import Foundation
import Marketo
import Postgres
import Runtime
import Store
import Sync

/// What contacts did on the web and with mails in the two weeks before now: what was read within five minutes, else asked of Marketo.
struct ActivityDesk: Sendable {
    let place: Workplace

    /// The activities of these contacts, or of the action contacts of a deal.
    ///
    /// - Throws: `TenantError.unknown`; a ``Complaint``: 1 when there is no such contact or deal, 75 when the quota holds it back and nothing is kept, 69
    ///   when Marketo can't be reached.
    func look(_ name: String, contacts: [Int64], deal: Int64?, at click: Date = Date()) async throws -> ActivityFacts {
        let pool = self.place.pool
        guard let tenant = try await pool.first(TenantByName(name: name)) else { throw TenantError.unknown(name: name) }
        if let deal, try await pool.first(DealExists(tenant: tenant.id, deal: deal)) != true {
            throw Complaint("There is no deal \(deal) in the tenant \(name).")
        }
        let rows = try await pool.query(FindActivityLeads(tenant: tenant.id, contacts: contacts, deal: deal))
        let missing = Set(contacts).subtracting(rows.map(\.contact.rawValue)).min()
        if let missing { throw Complaint("There is no contact \(missing) in the tenant \(name).") }
        let window = ActivityWindow(before: click)
        let leads = Array(Set(rows.compactMap(\.lead))).sorted { $0 < $1 }
        let kept = leads.isEmpty ? [] : try await pool.query(FindActivityReads(tenant: tenant.id, leads: leads))
        let zone = (try? tenant.settings())?.timeZone
        // While it is paused even what is kept may not be the whole: nobody can look.
        let isPaused = try await pool.first(TenantStatusQuery(name: name))?.state == .pausedQuota
        if isPaused, !kept.isEmpty { return ActivityFacts(window: window, rows: rows, reads: kept, isPartial: true, zone: zone) }
        let known = Set(kept.filter(\.isWhole).map(\.lead))
        let wanted = leads.filter { !known.contains($0) }
        guard !wanted.isEmpty else { return ActivityFacts(window: window, rows: rows, reads: kept, isPartial: false, zone: zone) }
        let found = try await LeadDesk(place: self.place).lend(name, for: .interactive) { source, _, _ in
            let found = try await ActivityReader(client: source.client, window: window).read(wanted)
            if let held = found.held, found.reads.isEmpty, kept.isEmpty { throw held }
            return found
        }
        if !found.reads.isEmpty { try await pool.execute(KeepActivityReads(tenant: tenant.id, reads: found.reads)) }
        let read = Set(found.reads.map(\.lead))
        let reads = kept.filter { !read.contains($0.lead) } + found.reads
        let isWhole = found.held == nil && Set(reads.filter(\.isWhole).map(\.lead)).isSuperset(of: leads)
        return ActivityFacts(window: window, rows: rows, reads: reads, isPartial: !isWhole, zone: zone)
    }
}
