import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(10))) struct SeedTests {
    private func world(_ leads: Int, seed: UInt64 = 1, density: Double = 1, firstID: Int64 = 1) -> World {
        var configuration = SimulatorConfiguration(leads: leads, seed: seed)
        configuration.seed.density = density
        configuration.seed.firstID = firstID
        return World(configuration, uptime: 0, milliseconds: InstanceUnderTest.noon * 1_000)
    }

    @Test func `the same seed gives the same leads, another seed others`() {
        func dump(_ world: World) -> [SimulatedLead?] { world.leads.ids.map { world.lead($0) } }
        #expect(dump(self.world(200)) == dump(self.world(200)))
        #expect(dump(self.world(200)) != dump(self.world(200, seed: 2)))
    }

    @Test func `density leaves gaps, and ids begin where they shall`() {
        let world = self.world(1_000, density: 0.5, firstID: 10_001)
        #expect(world.leads.count == 1_000)
        #expect((1_700...2_300).contains(Int(world.leads.nextID - 10_001)))
        #expect(world.leads.ids.first ?? 0 >= 10_001)
    }

    @Test func `leads are as untidy as life: none, bad, shared and upper-case e-mails, full-width letters, many leads a company`() {
        let world = self.world(5_000)
        let leads = world.leads.ids.compactMap { world.lead($0) }
        let emails = leads.compactMap(\.email)
        #expect((50...300).contains(leads.count - emails.count))
        #expect((20...200).contains(emails.count { !FieldValue.isMailbox($0) }))
        #expect((10...200).contains(emails.count - Set(emails).count))
        #expect(emails.contains { $0 == $0.uppercased() && $0.contains("@") })
        #expect(leads.contains { $0.phone?.contains("０") ?? false })
        #expect(leads.contains { $0.leadScore == nil } && leads.contains { $0.mktoAcquisitionDate == nil })
        let domains = Dictionary(grouping: emails.filter { $0.hasSuffix(".co.jp") }) { $0.split(separator: "@").last }
        #expect(domains.values.contains { $0.count >= 8 })
    }

    @Test func `every lead has its New Lead, ids and dates rise together, and the newest are hours old`() throws {
        let world = self.world(300)
        #expect(world.log.count == 300)
        let created = world.leads.ids.compactMap { world.lead($0)?.createdAt }
        #expect(created == created.sorted() && created.count == 300)
        #expect(try #require(created.last) > "2024-06-15T08:00:00Z" && created[0] < "2022-06-20")
    }
}
