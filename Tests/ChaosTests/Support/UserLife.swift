import Simulator
import StageKit

/// What users of Mazrica do by SQL meanwhile: they edit contacts, delete, restore and make some, and sell.
struct UserLife: Sendable {
    let stage: Stage
    /// What each edited contact must read, by column.
    private(set) var edits: [Int64: [String: String]] = [:]
    /// Contacts that are marked as deleted.
    private(set) var deleted: Set<Int64> = []
    /// Contacts whose rows are gone.
    private(set) var removed: Set<Int64> = []
    /// Contacts that no lead made.
    private(set) var made: Set<Int64> = []
    private(set) var deeds: [String: Int] = [:]
    /// What they do with deals.
    private(set) var sales: SalesLife
    private var number = 0

    init(_ stage: Stage) {
        self.stage = stage
        self.sales = SalesLife(stage)
    }

    /// Does one thing, to the contact of a lead that the dice choose.
    mutating func act(_ life: inout LeadLife, _ random: inout SeededRandom) async throws {
        self.number += 1
        switch random.below(16) {
        case 0...4: try await self.edit(&life, &random)
        case 5, 6: try await self.delete(&life, &random)
        case 7: try await self.restore(&random)
        case 8, 9: try await self.make(&life)
        case 10...13: try await self.sell(&life, &random)
        default:
            try await self.sales.move(&random)
            self.deeds["move", default: 0] += 1
        }
    }

    private mutating func edit(_ life: inout LeadLife, _ random: inout SeededRandom) async throws {
        guard let contact = try await self.contact(&life, &random) else { return }
        let (column, value) = [
            ("name", "手直し\(self.number)"), ("phone", "090-\(self.number)"), ("title", "顧問\(self.number)"),
            ("email", "by.hand\(self.number)@te.example.org"),
        ][random.below(4)]
        guard
            try await self.stage.answer(
                "UPDATE crm.contacts SET \(column) = '\(value)' WHERE id = \(contact) AND deleted_at IS NULL RETURNING id::text")
                != nil
        else { return }
        self.edits[contact, default: [:]][column] = value
        self.deeds["edit", default: 0] += 1
    }

    private mutating func delete(_ life: inout LeadLife, _ random: inout SeededRandom) async throws {
        guard let contact = try await self.contact(&life, &random) else { return }
        if random.below(4) == 0 {
            _ = try await self.stage.answer("DELETE FROM crm.contacts WHERE id = \(contact) RETURNING id::text")
            self.removed.insert(contact)
            self.sales.forget(contact)
        } else {
            _ = try await self.stage.answer("UPDATE crm.contacts SET deleted_at = now() WHERE id = \(contact) RETURNING id::text")
            self.deleted.insert(contact)
        }
        self.deeds["delete", default: 0] += 1
    }

    private mutating func restore(_ random: inout SeededRandom) async throws {
        let deleted = self.deleted.sorted()
        guard !deleted.isEmpty else { return }
        let contact = deleted[random.below(deleted.count)]
        _ = try await self.stage.answer("UPDATE crm.contacts SET deleted_at = NULL WHERE id = \(contact) RETURNING id::text")
        self.deleted.remove(contact)
        self.deeds["restore", default: 0] += 1
    }

    /// A contact of the user's own; a lead with its address may come later, and then is this one's.
    private mutating func make(_ life: inout LeadLife) async throws {
        let address = life.freshAddress()
        let made = try await self.stage.answer(
            """
            WITH there AS (SELECT id FROM crm.contacts WHERE email = '\(address)'), made AS (
                INSERT INTO crm.contacts (tenant_id, name, email)
                SELECT tenants.id, '手作り\(self.number)', '\(address)' FROM sync.tenants WHERE NOT EXISTS (SELECT FROM there) RETURNING id
            )
            SELECT id::text FROM there UNION ALL SELECT id::text FROM made
            """)
        guard let contact = made.flatMap({ Int64($0) }) else { return }
        self.made.insert(contact)
        self.edits[contact] = ["name": "手作り\(self.number)", "email": address]
        life.awaited.append(address)
        self.deeds["make", default: 0] += 1
    }

    /// A contact takes part in a deal: one of a lead, or one of a user's own making.
    private mutating func sell(_ life: inout LeadLife, _ random: inout SeededRandom) async throws {
        let own = self.made.subtracting(self.deleted).subtracting(self.removed).sorted()
        let isOwn = random.below(3) == 0 && !own.isEmpty
        guard let contact = isOwn ? own[random.below(own.count)] : try await self.contact(&life, &random) else { return }
        try await self.sales.attach(contact, &random)
        self.deeds["sell", default: 0] += 1
    }

    /// The living contact of a lead of which no other has the address.
    private func contact(_ life: inout LeadLife, _ random: inout SeededRandom) async throws -> Int64? {
        guard let lead = life.any(&random), !life.isShared(lead) else { return nil }
        let contact = try await self.stage.answer(
            """
            SELECT contacts.id::text FROM sync.lead_links JOIN crm.contacts ON contacts.id = lead_links.contact_id
            WHERE lead_links.lead_id = \(lead) AND contacts.deleted_at IS NULL ORDER BY contacts.id LIMIT 1
            """)
        life.diary.note("a user edits or deletes its contact \(contact ?? "–")", lead: lead)
        return contact.flatMap { Int64($0) }
    }
}
