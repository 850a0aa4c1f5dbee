import Foundation
import Marketo
import Store
import Sync

/// Reads the web and mail activities of leads: at most five calls a click, 30 leads a call (sync-algorithms.md 5.4).
struct ActivityReader {
    /// The token's among them.
    static let calls = 5

    let client: MarketoClient
    let window: ActivityWindow

    /// What was found, and what stopped it before the end: our own ledger, or Marketo's word that the quota is spent.
    struct Found {
        var reads: [ActivityRead] = []
        var held: (any Error)?
    }

    /// Reads `leads`, in the order given, as far as five calls go; those not reached are not in the answer.
    ///
    /// - Throws: `MarketoError` when Marketo can't be asked for another reason than the quota.
    func read(_ leads: [LeadID]) async throws -> Found {
        var found = Found()
        var left = Self.calls - 1
        do {
            let token = try await self.client.pagingToken(since: self.window.from)
            var rest = leads[...]
            while !rest.isEmpty, left > 0 {
                let group = Array(rest.prefix(MarketoClient.leadsPerActivityCall))
                rest = rest.dropFirst(group.count)
                try await self.read(group, from: token, calls: &left, into: &found)
            }
        } catch let held as HeldBack {
            found.held = held
        } catch let spent as MarketoError where spent.code == .quotaSpent {
            found.held = spent
        }
        return found
    }

    private func read(_ group: [LeadID], from start: String, calls left: inout Int, into found: inout Found) async throws {
        var activities: [LeadID: [LeadActivity]] = [:]
        var token: String? = start
        var seen: Set<String> = []
        var isBegun = false
        // What was read before it was held back is worth showing; of leads that were not reached nothing is known.
        defer {
            if isBegun {
                found.reads += group.map {
                    ActivityRead(lead: $0, activities: (activities[$0] ?? []).sorted { $0.date > $1.date }, isWhole: token == nil)
                }
            }
        }
        while let place = token, left > 0 {
            left -= 1
            let page = try await self.client.activities(token: place, types: LeadActivityKind.allCases.map(\.rawValue), leadIDs: group)
            isBegun = true
            for activity in page.activities {
                // Pages may repeat a record.
                if let guid = activity.marketoGUID, !seen.insert(guid).inserted { continue }
                guard let known = LeadActivity(activity), self.window.contains(known.date), group.contains(activity.leadID) else { continue }
                activities[activity.leadID, default: []].append(known)
            }
            token = page.moreResult ? page.nextPageToken : nil
        }
    }
}

extension LeadActivity {
    /// `nil` for other types than those of the web and of mails.
    fileprivate init?(_ activity: Activity) {
        guard let kind = LeadActivityKind(rawValue: activity.typeID) else { return nil }
        self.init(
            guid: activity.marketoGUID, kind: kind, date: activity.date, title: activity.primaryAttribute,
            details: activity.attributes.map { Detail(name: $0.name, value: $0.value.shownText) })
    }
}
