import Simulator
import StageKit

/// What a sales team does by SQL meanwhile: contacts take part in a deal's completed action, and the deals' phases change.
struct SalesLife: Sendable {
    /// What the lead of a contact must show in the end.
    struct Shown: Sendable {
        var phase: String
        var status: String
        /// When it was decided: the later counts, if a lead has several contacts (R68).
        var phaseAt: Int
        var statusAt: Int
    }

    static let phases = ["商談", "提案", "見積", "受注"]
    /// What kind the action of each deal is.
    private static let kinds = ["面談", "メール", "電話"]

    let stage: Stage
    /// By contact.
    private(set) var shown: [Int64: Shown] = [:]
    /// The contacts of each deal's action, and its phase.
    private var contacts = Array(repeating: Set<Int64>(), count: Self.kinds.count)
    private var phase = Array(repeating: 0, count: Self.kinds.count)
    private var isOpen = false
    private var number = 0

    init(_ stage: Stage) { self.stage = stage }

    /// A contact takes part in an action; nothing if it did already.
    mutating func attach(_ contact: Int64, _ random: inout SeededRandom) async throws {
        try await self.open()
        let deal = random.below(Self.kinds.count)
        guard self.contacts[deal].insert(contact).inserted else { return }
        _ = try await self.stage.answer(
            """
            INSERT INTO crm.action_contacts (action_id, contact_id) SELECT \(deal + 1), id FROM crm.contacts WHERE id = \(contact)
            ON CONFLICT DO NOTHING RETURNING contact_id::text
            """)
        self.number += 1
        self.shown[contact] = Shown(
            phase: Self.phases[self.phase[deal]], status: Self.kinds[deal], phaseAt: self.number, statusAt: self.number)
    }

    /// A deal goes on, or back.
    mutating func move(_ random: inout SeededRandom) async throws {
        try await self.open()
        let deal = random.below(Self.kinds.count)
        self.phase[deal] = (self.phase[deal] + 1 + random.below(Self.phases.count - 1)) % Self.phases.count
        _ = try await self.stage.answer("UPDATE crm.deals SET phase_id = \(self.phase[deal] + 1) WHERE id = \(deal + 1) RETURNING id::text")
        self.number += 1
        for contact in self.contacts[deal] {
            self.shown[contact]?.phase = Self.phases[self.phase[deal]]
            self.shown[contact]?.phaseAt = self.number
        }
    }

    /// The row of a contact is gone, and what it took part in with it.
    mutating func forget(_ contact: Int64) {
        self.shown[contact] = nil
        for deal in self.contacts.indices { self.contacts[deal].remove(contact) }
    }

    /// The deals, their phases and their actions, once.
    private mutating func open() async throws {
        guard !self.isOpen else { return }
        func rows(_ texts: [String]) -> String { texts.enumerated().map { "(\($0.offset + 1), '\($0.element)')" }.joined(separator: ", ") }
        try await self.stage.run(
            script: """
                INSERT INTO crm.phases (tenant_id, id, name) SELECT tenants.id, made.* FROM sync.tenants, (VALUES \(rows(Self.phases))) AS made ON CONFLICT DO NOTHING;
                INSERT INTO crm.deals (tenant_id, id, name, phase_id)
                SELECT tenants.id, made.*, 1 FROM sync.tenants, (VALUES \(rows(Self.kinds))) AS made ON CONFLICT DO NOTHING;
                INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status)
                SELECT tenants.id, made.id, made.id, made.kind, '完了' FROM sync.tenants, (VALUES \(rows(Self.kinds))) AS made (id, kind) ON CONFLICT DO NOTHING;
                """)
        self.isOpen = true
    }
}
