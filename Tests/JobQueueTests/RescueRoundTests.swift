import Testing

@testable import JobQueue

@Suite struct RescueRoundTests {
    @Test func `one that can't be rescued is left for later, and the others are rescued one by one`() {
        let ids = (1...3).map { JobID(rawValue: $0) }
        var round = RescueRound()
        #expect(round.bite == 100)
        round.failed(at: ids)
        #expect(round.bite == 1)
        #expect(round.isAmid)
        round.failed(at: [ids[0]])
        #expect(round.blocked == [ids[0]])
        round.went(well: 1)
        #expect(round.isAmid)
        round.went(well: 0)
        #expect(!round.isAmid)
        #expect(round.bite == 100)
        #expect(round.blocked.isEmpty)
    }
}
