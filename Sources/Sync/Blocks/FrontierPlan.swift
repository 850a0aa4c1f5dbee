package import FoundationEssentials

/// Finds the highest lead id of a subscription in a handful of calls.
///
/// Ids are given in rising order and the feed of new leads (activity type 12) is never purged, so whoever reads that feed from the making of any
/// known lead to its end knows all ids above it. Thus: (1) one call asks 300 ids spread geometrically from 1 to 2^31 for a lead near the top;
/// (2) one asks 300 ids spread evenly above it for one nearer; (3) the feed since that lead was made, which is short, gives the top. If the feed says
/// nothing at all, (4) the blocks above are read until 20 in a row (6,000 ids) are empty. At full density that is four calls. Without any known
/// lead the feed is read from 2006 on. Whatever the feed kept back is for the look above the newest lead that ends each run.
///
/// Promise: no lead is missed that the feed tells of, nor, if the feed is silent, one with fewer than 6,000 unused ids below it.
/// A value that can be stored between two calls: the owner asks `next`, makes that one call, and answers. Source: sync-algorithms.md 3.1, 3.3.
package struct FrontierPlan: Codable, Hashable, Sendable {
    /// What the owner is to do now: one call each.
    package enum Step: Hashable, Sendable {
        /// Read these leads (at most 300 ids); answer with `answer(leads:)`.
        case probe([LeadID])
        /// Take a date token; answer with `answer(token:)`.
        case openFeed(since: Date)
        /// Read the page of activity type 12 that this token stands for; answer with `answer(newLeads:next:)`.
        case readFeed(token: String)
        /// No lead lies above this one; `nil` = there is none at all.
        case done(highest: LeadID?)
    }

    private enum Phase: Codable, Hashable, Sendable {
        case sparse, spread, feed(since: Date), pages(token: String, empty: Int), dense(LeadBlock, empty: Int), done
    }

    /// Blocks in a row that must be empty.
    package static let emptyBlocks = 20
    /// So many pages of the feed without a record in a row are its end, whatever it says.
    package static let emptyPages = 500
    /// So often the feed is opened anew because its token is refused.
    package static let mostRefusals = 3
    /// Stamps are whole seconds and not quite in the order of the ids.
    private static let overlap: TimeInterval = 3600
    /// The beginning of Marketo's time: 2006-01-01.
    private static let beginning = Date(timeIntervalSince1970: 1_136_073_600)

    private var phase = Phase.sparse
    private var highest: LeadID?
    /// When the newest lead that was read was made; the feed is read from there.
    private var madeAt: Date?
    private var hasFeedSpoken = false
    /// How often a token was refused; nil in plans that were stored before this was counted.
    private var refusals: Int?

    /// `atLeast`: a lead that is known from elsewhere, if any; it saves nothing but can't be lost.
    package init(atLeast known: LeadID? = nil) { self.highest = known }

    /// What to do now.
    ///
    /// Asking twice changes nothing.
    package var next: Step {
        switch self.phase {
        case .sparse: .probe(Self.sparseIDs)
        case .spread: .probe(self.spreadIDs)
        case .feed(let since): .openFeed(since: since)
        case .pages(let token, _): .readFeed(token: token)
        case .dense(let block, _): .probe(block.leadIDs)
        case .done: .done(highest: self.highest)
        }
    }

    /// The leads that a probe found.
    package mutating func answer(leads: [(id: LeadID, createdAt: Date?)]) {
        if let top = leads.max(by: { $0.id < $1.id }) {
            self.highest = max(top.id, self.highest ?? top.id)
            if let madeAt = top.createdAt, self.madeAt.map({ $0 < madeAt }) ?? true { self.madeAt = madeAt }
        }
        switch self.phase {
        case .sparse: self.phase = self.highest == nil ? self.feedPhase : .spread
        case .spread: self.phase = self.feedPhase
        case .dense(let block, let empty):
            let seen = leads.isEmpty ? empty + 1 : 0
            self.phase = seen >= Self.emptyBlocks ? .done : .dense(block.next, empty: seen)
        case .feed, .pages, .done: break
        }
    }

    /// The token from which the feed is read.
    package mutating func answer(token: String) {
        guard case .feed = self.phase else { return }
        self.phase = .pages(token: token, empty: 0)
    }

    /// The leads of one page of the feed, and the token of the next one; `nil`: there is none.
    package mutating func answer(newLeads: [LeadID], next: String?) {
        guard case .pages(let token, let empty) = self.phase else { return }
        if let top = newLeads.max() {
            self.hasFeedSpoken = true
            self.highest = max(top, self.highest ?? top)
        }
        let seen = newLeads.isEmpty ? empty + 1 : 0
        // The same token again would be the same page again.
        if let next, next != token, seen < Self.emptyPages {
            self.phase = .pages(token: next, empty: seen)
        } else {
            self.phase = self.hasFeedSpoken ? .done : self.firstDense
        }
    }

    /// Marketo does not take the page's token: the feed is opened anew, with a new one; false, and no effect, if that has been tried often enough.
    package mutating func reopenFeed() -> Bool {
        let refusals = self.refusals ?? 0
        guard case .pages = self.phase, refusals < Self.mostRefusals else { return false }
        self.refusals = refusals + 1
        self.phase = self.feedPhase
        return true
    }

    private var feedPhase: Phase { .feed(since: self.madeAt.map { $0.addingTimeInterval(-Self.overlap) } ?? Self.beginning) }

    private var firstDense: Phase {
        .dense(self.highest.map { LeadBlock(holding: LeadID(rawValue: $0.rawValue + 1)) } ?? LeadBlock(number: 0), empty: 0)
    }

    /// How far the geometric probe reaches; what lies beyond, the feed tells.
    private static let reach = Int64(Int32.max)
    /// How much further a geometric probe looks each time: a thirteenth, so that 300 ids reach 2^31.
    private static let stride: Int64 = 13

    /// Different ids from 1 to 2^31 − 1, fewer than 300, each at most a thirteenth above the one before.
    private static let sparseIDs: [LeadID] = Array(
        sequence(first: Int64(1)) { $0 + max(1, $0 / Self.stride) }.prefix(300).prefix { $0 <= Self.reach }.map(LeadID.init(rawValue:)))

    /// 300 ids spread evenly over the next thirteenth, at least over the next 6,000.
    private var spreadIDs: [LeadID] {
        let start = self.highest?.rawValue ?? 0
        let width = max(6000, start / Self.stride + 1)
        return (1...300).map { LeadID(rawValue: start + width * $0 / 300) }
    }
}
