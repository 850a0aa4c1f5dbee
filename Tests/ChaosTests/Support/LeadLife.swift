import Simulator
import StageKit
import Sync

/// Everything that happens to leads in Marketo, and what each of them ever was.
///
/// Nobody else changes them but the product, whose writes are kept as well; so whatever a read brought is one of the versions kept here.
struct LeadLife: Sendable {
    let marketo: Simulator
    /// Those that are there, in no order.
    private var alive: [Int64] = []
    private var place: [Int64: Int] = [:]
    /// What each that changed was, the last one being what it is or was last.
    private var versions: [Int64: [Lead]] = [:]
    /// What each that the product wrote to was afterwards.
    private var written: [Int64: [Lead]] = [:]
    /// Leads that share an address: which of them makes the contact is a matter of order, so only their scores change.
    private var shared: Set<Int64> = []
    private(set) var badAddresses: Set<Int64> = []
    private(set) var deleted: Set<Int64> = []
    /// Loser → winner.
    private(set) var merged: [Int64: Int64] = [:]
    /// Gone by an activity that was written long after: a feed that goes on from its token does not see it.
    private(set) var goneLate: Set<Int64> = []
    /// Whether activities are written late at the moment.
    var isLate = false
    /// The field that the subscription does not have at the moment: nobody can write it either.
    var hidden: String?
    private(set) var changes: [String: Int] = [:]
    var diary = Diary()
    private var fresh = 0
    /// Addresses of contacts that a user made, for which a lead is yet to come.
    var awaited: [String] = []

    init(_ marketo: Simulator) {
        self.marketo = marketo
        marketo.keepWrites()
        var leadsOfAddress: [EmailKey: [Int64]] = [:]
        for lead in marketo.leads() {
            self.enter(lead.id)
            self.versions[lead.id] = [Lead(lead)]
            switch EmailAddress.read(lead.email) {
            case .valid(let address): leadsOfAddress[address.key, default: []].append(lead.id)
            case .invalid: self.badAddresses.insert(lead.id)
            case .missing: break
            }
        }
        for leads in leadsOfAddress.values where leads.count > 1 { self.shared.formUnion(leads) }
    }

    var count: Int { self.alive.count }
    var changesInAll: Int { self.changes.values.reduce(0, +) }

    /// All that a lead ever was, the present or last state at the end; empty for one that never was.
    func versions(of lead: Int64) -> [Lead] {
        (self.written[lead] ?? []) + (self.versions[lead] ?? []) + (self.marketo.lead(lead).map { [Lead($0)] } ?? [])
    }

    /// Takes what the product wrote into the leads' history.
    mutating func takeWrites() { self.written = Dictionary(grouping: self.marketo.written.map { Lead($0) }) { $0.id.rawValue } }

    /// Every lead that ever was, but for those that the product made.
    var everyone: Set<Int64> { Set(self.alive).union(self.versions.keys) }

    /// The lead that stands for one which may have been merged.
    func heir(of lead: Int64) -> Int64 {
        var heir = lead
        while let winner = self.merged[heir] { heir = winner }
        return heir
    }

    /// Whether several leads share this one's address.
    func isShared(_ lead: Int64) -> Bool { self.shared.contains(lead) }

    /// One that is there.
    func any(_ random: inout SeededRandom) -> Int64? { self.alive.isEmpty ? nil : self.alive[random.below(self.alive.count)] }

    /// Makes one change.
    mutating func change(_ random: inout SeededRandom) throws {
        guard let lead = self.any(&random) else { return }
        var kind = self.isShared(lead) ? .score : Kind.drawn(&random)
        if self.hidden == "title" && kind == .text || self.hidden == "mktoAcquisitionDate" && kind == .acquisition { kind = .score }
        switch kind {
        case .score: try self.keep(lead) { try $0.changeScore([lead], by: Int64(random.below(40)) - 8) }
        case .text:
            let text = "改\(random.below(1_000))"
            let edits: [KeyValuePairs<String, JSONValue>] = [
                ["lastName": .string(text)], ["company": .string("\(text)商事")], ["title": .string(text)],
                ["phone": .string("03-\(random.below(9_999))")],
            ]
            let edit = edits[random.below(edits.count)]
            try self.keep(lead) { try $0.update([lead], edit) }
        case .acquisition:
            let date = "20\(10 + random.below(16))-0\(1 + random.below(9))-1\(random.below(10))T0\(random.below(10)):00:00Z"
            try self.keep(lead) { try $0.update([lead], ["mktoAcquisitionDate": .string(date)]) }
        case .create: try self.create(&random)
        case .delete:
            try self.keep(lead) { $0.delete([lead]) }
            self.remove(lead)
            self.deleted.insert(lead)
        case .merge:
            guard let winner = self.any(&random), winner != lead, !self.isShared(winner) else { return }
            try self.keep(lead) { _ in }
            try self.keep(winner) { try $0.merge([lead], into: winner) }
            self.remove(lead)
            // A winner without an address takes that of the loser, whatever it is.
            if case .invalid = EmailAddress.read(self.marketo.lead(winner).map { Lead($0) }?.email) { self.badAddresses.insert(winner) }
            self.merged[lead] = winner
            self.diary.note("lead \(lead) went up in it", lead: winner)
        case .addressBreaks:
            let bad = ["だれか", "name@", "a b@example.jp", "x@@example.jp"][random.below(4)]
            try self.keep(lead) { try $0.update([lead], ["email": .string(bad)]) }
            self.badAddresses.insert(lead)
        case .addressMended:
            let bad = self.badAddresses.sorted()
            guard !bad.isEmpty else { return }
            try self.giveAddress(to: bad[random.below(bad.count)])
        case .addressChanges: try self.giveAddress(to: lead)
        }
        self.changes[kind.rawValue, default: 0] += 1
        self.diary.note("\(kind)\(self.isLate ? ", late" : "")", lead: lead)
    }

    private mutating func giveAddress(to lead: Int64) throws {
        let address = self.freshAddress()
        try self.keep(lead) { try $0.update([lead], ["email": .string(address)]) }
        self.badAddresses.remove(lead)
    }

    private mutating func create(_ random: inout SeededRandom) throws {
        let dice = random.below(20)
        let email: JSONValue
        switch dice {
        case 0: email = .null
        case 1: email = .string("不明")
        case 2...7 where !self.awaited.isEmpty: email = .string(self.awaited.removeFirst())
        default: email = .string(self.freshAddress())
        }
        let number = random.below(100_000)
        let late = self.isLate
        if late { self.marketo.set { $0.lateShare = 1 } }
        let lead = try self.marketo.createLead([
            "email": email, "lastName": .string("新井\(number)"), "firstName": .string("花"), "company": .string("新規\(number % 50)株式会社"),
            "phone": .string("06-\(number)"),
        ])
        try self.marketo.changeScore([lead], by: Int64(number % 100))
        if late { self.marketo.set { $0.lateShare = 0 } }
        if dice == 1 { self.badAddresses.insert(lead) }
        self.enter(lead)
        if let now = self.marketo.lead(lead) { self.versions[lead] = [Lead(now)] }
    }

    /// An address that nobody has or had.
    mutating func freshAddress() -> String {
        self.fresh += 1
        return "person\(self.fresh)@" + (self.fresh % 9 == 0 ? "gmail.com" : "kaisha\(self.fresh % 40).example.co.jp")
    }

    /// Does something to a lead, and keeps what it was before and what it is then.
    private mutating func keep(_ lead: Int64, _ change: (Simulator) throws -> Void) throws {
        if self.versions[lead] == nil, let before = self.marketo.lead(lead) { self.versions[lead] = [Lead(before)] }
        if self.isLate { self.marketo.set { $0.lateShare = 1 } }
        try change(self.marketo)
        if self.isLate { self.marketo.set { $0.lateShare = 0 } }
        if let after = self.marketo.lead(lead) { self.versions[lead, default: []].append(Lead(after)) }
    }

    private mutating func enter(_ lead: Int64) {
        self.place[lead] = self.alive.count
        self.alive.append(lead)
    }

    private mutating func remove(_ lead: Int64) {
        guard let index = self.place.removeValue(forKey: lead), let last = self.alive.popLast() else { return }
        if last != lead {
            self.alive[index] = last
            self.place[last] = index
        }
        self.badAddresses.remove(lead)
        if self.isLate { self.goneLate.insert(lead) }
    }
}

extension LeadLife {
    /// What may happen to a lead.
    enum Kind: String {
        case score, text, acquisition, create, delete, merge, addressBreaks, addressMended, addressChanges

        /// By the weights of a busy day.
        static func drawn(_ random: inout SeededRandom) -> Kind {
            switch random.below(100) {
            case 0..<42: .score
            case 42..<54: .text
            case 54..<59: .acquisition
            case 59..<72: .create
            case 72..<77: .delete
            case 77..<83: .merge
            case 83..<88: .addressBreaks
            case 88..<94: .addressMended
            default: .addressChanges
            }
        }
    }
}
