import FoundationEssentials
import Sync
import Testing

@Suite struct BlockTests {
    @Test func `a block holds 300 ids, and every id lies in its block`() {
        #expect(LeadBlock(number: 0).range == 1...300)
        #expect(LeadBlock(number: 33).range == 9901...10_200)
        #expect(LeadBlock(holding: LeadID(rawValue: 300)).number == 0)
        #expect(LeadBlock(holding: LeadID(rawValue: 301)).number == 1)
        #expect(LeadBlock(number: 2).leadIDs.count == 300)
        #expect(LeadBlock(number: -5).number == 0)
        #expect(LeadBlock(holding: LeadID(rawValue: .max)).range.count == 300)
        #expect(LeadBlock(holding: LeadID(rawValue: .min)).number == 0)
    }
}

/// A subscription as the plan sees it: leads made one a minute, in the order of their ids.
private struct Vendor {
    var alive: Set<Int64>
    /// Ids that were ever given; the feed tells of deleted leads too.
    var given: [Int64]
    var hasFeed: Bool
    private(set) var leadCalls = 0
    private(set) var otherCalls = 0

    init(alive: Set<Int64>, given: [Int64], hasFeed: Bool) {
        self.alive = alive
        self.given = given.sorted()
        self.hasFeed = hasFeed
    }

    private func madeAt(_ id: Int64) -> Date { Date(timeIntervalSince1970: 1_500_000_000 + Double(id) * 60) }

    /// Goes through a plan to its end; it is written down and read again before each call.
    mutating func run(_ plan: FrontierPlan) throws -> LeadID? {
        var plan = plan
        var feed: [Int64] = []
        for _ in 0..<100_000 {
            plan = try JSONDecoder().decode(FrontierPlan.self, from: JSONEncoder().encode(plan))
            switch plan.next {
            case .probe(let ids):
                self.leadCalls += 1
                guard ids.count <= 300, Set(ids).count == ids.count else {
                    Issue.record("A probe asked for \(ids.count) ids.")
                    return nil
                }
                plan.answer(leads: ids.filter { self.alive.contains($0.rawValue) }.map { ($0, self.madeAt($0.rawValue)) })
            case .openFeed(let since):
                self.otherCalls += 1
                feed = self.hasFeed ? self.given.filter { self.madeAt($0) >= since } : []
                plan.answer(token: "0")
            case .readFeed(let token): self.turn(&plan, &feed, token)
            case .done(let highest): return highest
            }
        }
        Issue.record("The plan never ended.")
        return nil
    }

    private mutating func turn(_ plan: inout FrontierPlan, _ feed: inout [Int64], _ token: String) {
        self.otherCalls += 1
        let page = feed.prefix(300)
        feed.removeFirst(page.count)
        plan.answer(newLeads: page.map(LeadID.init(rawValue:)), next: feed.isEmpty ? nil : token + "0")
    }
}

@Suite struct FrontierTests {
    @Test(arguments: [true, false])
    func `10,000 leads at full density: the top is found`(hasFeed: Bool) throws {
        var vendor = Vendor(alive: Set(1...10_000), given: Array(1...10_000), hasFeed: hasFeed)
        #expect(try vendor.run(FrontierPlan())?.rawValue == 10_000)
        if hasFeed {
            #expect(vendor.leadCalls == 2)
            #expect(vendor.otherCalls == 2)
        }
    }

    @Test func `300,000 leads cost no more than ten calls`() throws {
        var vendor = Vendor(alive: Set(1...300_000), given: Array(1...300_000), hasFeed: true)
        #expect(try vendor.run(FrontierPlan())?.rawValue == 300_000)
        #expect(vendor.leadCalls + vendor.otherCalls <= 10)
    }

    @Test func `an empty subscription has no highest lead, with or without a feed`() throws {
        for hasFeed in [true, false] {
            var vendor = Vendor(alive: [], given: [], hasFeed: hasFeed)
            #expect(try vendor.run(FrontierPlan()) == nil)
        }
    }

    @Test func `a lead that is known from elsewhere is never forgotten`() throws {
        var vendor = Vendor(alive: [5, 900_000], given: [5, 900_000], hasFeed: false)
        #expect(try vendor.run(FrontierPlan(atLeast: LeadID(rawValue: 900_000)))?.rawValue == 900_000)
    }

    @Test func `a feed that turns in circles, or is empty for ever, comes to its end`() {
        for next in ["same", nil] as [String?] {
            var plan = FrontierPlan(atLeast: LeadID(rawValue: 7))
            plan.answer(leads: [])
            plan.answer(leads: [])
            plan.answer(token: "same")
            for page in 0..<FrontierPlan.emptyPages { plan.answer(newLeads: [], next: next ?? "page \(page)") }
            // The feed was silent: the blocks above are read.
            #expect(plan.next == .probe(LeadBlock(number: 0).leadIDs))
        }
    }

    @Test func `a refused token has the feed opened anew from where it was begun, but not for ever`() {
        var plan = FrontierPlan(atLeast: LeadID(rawValue: 7))
        plan.answer(leads: [])
        plan.answer(leads: [(LeadID(rawValue: 9), Date(timeIntervalSince1970: 1_700_000_000))])
        let opening = plan.next
        let isEarly = plan.reopenFeed()
        #expect(!isEarly, "there is no token yet")
        for number in 1...FrontierPlan.mostRefusals {
            plan.answer(token: "token \(number)")
            let isOpenedAnew = plan.reopenFeed()
            #expect(isOpenedAnew)
            #expect(plan.next == opening)
        }
        plan.answer(token: "last")
        let isOpenedAgain = plan.reopenFeed()
        #expect(!isOpenedAgain)
        #expect(plan.next == .readFeed(token: "last"))
    }

    @Test(arguments: Seeded.seeds)
    func `R26 with a feed no lead is missed, whatever the density, the gaps and the deleted tails`(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        for _ in 0..<10 {
            let top = Int64.random(in: 1...30_000, using: &random)
            let densities: [Double] = [1, 0.5, 0.1, 0.005]
            let density = densities[Int.random(in: 0..<4, using: &random)]
            var given = (1...top).filter { _ in Double.random(in: 0..<1, using: &random) < density }
            if Bool.random(using: &random) {
                let hole = Int64.random(in: 1...top, using: &random)
                given.removeAll { (hole...(hole + 6000)).contains($0) }
            }
            let tail = Int64.random(in: 0...top, using: &random)
            let alive = Set(Bool.random(using: &random) ? given.filter { $0 <= tail } : given)
            var vendor = Vendor(alive: alive, given: given, hasFeed: true)
            let highest = try vendor.run(FrontierPlan())?.rawValue ?? 0
            #expect(highest >= alive.max() ?? 0)
        }
    }

    @Test(arguments: Seeded.seeds)
    func `R26 without a feed no lead is missed that has fewer than 6,000 unused ids below it`(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        for _ in 0..<10 {
            var alive: Set<Int64> = []
            var id: Int64 = 0
            for _ in 0..<Int.random(in: 1...400, using: &random) {
                id += Bool.random(using: &random) ? 1 : Int64.random(in: 1...5700, using: &random)
                alive.insert(id)
            }
            var vendor = Vendor(alive: alive, given: [], hasFeed: false)
            #expect(try vendor.run(FrontierPlan())?.rawValue == alive.max())
        }
    }
}
