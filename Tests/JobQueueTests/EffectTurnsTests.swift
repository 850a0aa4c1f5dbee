import Testing

@testable import JobQueue

@Suite(.timeLimit(.minutes(20))) struct EffectTurnsTests {
    @Test func `effects of one tenant and turn follow each other in the order they came, those of another tenant don't wait`() async {
        let turns = EffectTurns()
        let journal = Journal<String>()
        let mayGo = Door()
        let acme = EffectTurns.Turn(tenant: 1, name: "inbound")
        await withDiscardingTaskGroup { group in
            group.addTask {
                await turns.take(acme) {
                    journal.note("first begins")
                    await mayGo.pass(deaf: true)
                    journal.note("first ends")
                }
            }
            await journal.wait(count: 1)
            group.addTask { await turns.take(acme) { journal.note("second") } }
            await turns.take(EffectTurns.Turn(tenant: 2, name: "inbound")) { journal.note("other tenant") }
            await turns.take(nil) { journal.note("without a turn") }
            mayGo.open()
        }
        #expect(journal.entries == ["first begins", "other tenant", "without a turn", "first ends", "second"])
    }
}
