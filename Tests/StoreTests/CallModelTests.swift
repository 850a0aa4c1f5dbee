import FoundationEssentials
import Postgres
import Testing

@testable import Store

/// Promise 6 on generated times: the database decides call by call as a naive model does, which keeps the whole history and looks through it.
@Suite struct CallModelTests {
    /// How a call goes on, as far as the ledger hears of it.
    private enum Course: CaseIterable {
        /// Told as it happened.
        case told
        /// Told after its lease was over.
        case late
        /// Its process died, or the word was lost.
        case never
        /// Nobody waited for the answer.
        case abandoned
        /// It never left.
        case unsent
    }

    @Test(arguments: LedgerSeed.drawn)
    func
        `calls that end in time, late or never, or whose end is never told: decided as by the naive model, and no 101 meet in any 20 s, no 11 at once`(
            seed: LedgerSeed
        ) async throws
    {
        var random = SeededRandom(seed: seed.value)
        try await withStore { store in
            let (window, atOnce) =
                Bool.random(using: &random) ? (100, 10) : (Int.random(in: 3...20, using: &random), Int.random(in: 1...5, using: &random))
            // What Marketo allows at most is met only by a fleet that hardly rests.
            let pauses = window == 100 ? [0, 1, 7, 40, 120, 300] : [0, 1, 7, 40, 120, 300, 2_500]
            let settings = ["calls-per-20s": "\(window)", "concurrent-calls": "\(atOnce)", "daily-limit": "1000000"]
            let stage = try await CallStage(store, settings: settings)
            var model = NaiveLedger(perWindow: window, atOnce: atOnce, perDay: 1_000_000, day: 86_400_000, dayStart: 64_800_000)
            var running: [(place: Int, permit: CallPermit, end: Int, course: Course)] = []
            var now = 0
            var waits: Set<String> = []
            for _ in 0..<900 {
                // Mostly as busy as a fleet, now and then idle; the ends that fall in between are told first, in their order.
                now += pauses[Int.random(in: 0..<pauses.count, using: &random)] * (Int.random(in: 0..<40, using: &random) == 0 ? 10 : 1)
                while let next = running.indices.min(by: { running[$0].end < running[$1].end }), running[next].end <= now {
                    let call = running.remove(at: next)
                    switch call.course {
                    case .never: continue
                    case .abandoned: #expect(try await stage.finish(call.permit, .abandoned, at: call.end))
                    case .unsent:
                        #expect(try await stage.finish(call.permit, .unsent, at: call.end))
                        model.forget(call.place)
                    case .told, .late:
                        #expect(try await stage.finish(call.permit, .answered, at: call.end))
                        model.finish(call.place, at: call.end)
                    }
                    // Told twice changes nothing.
                    #expect(try await stage.finish(call.permit, .answered, at: call.end + 1) == false, "seed \(seed)")
                }
                let lease = Int.random(in: 500...8_000, using: &random)
                let expected = model.admit(at: now, lease: lease)
                switch try await stage.admit(at: now, lease: lease) {
                case .granted(let permit):
                    try #require(expected == nil, "at \(now) the model says \(expected ?? "")")
                    let course = Int.random(in: 0..<4, using: &random) > 0 ? .told : Course.allCases.randomElement(using: &random) ?? .told
                    let end = now + (course == .late ? lease + Int.random(in: 1...9_000, using: &random) : Int.random(in: 20...450, using: &random))
                    running.append((model.calls.count - 1, permit, end, course))
                case .wait(let until, _, let reason):
                    try #require(expected == reason.rawValue, "at \(now) the model says \(expected ?? "go")")
                    #expect(until > stage.moment(now), "at \(now)")
                    waits.insert(reason.rawValue)
                case nil: Issue.record("no answer")
                }
            }
            // Whatever time between its booking and its end, told or not, each of them takes to arrive.
            #expect(model.mostThatMayMeet <= window)
            #expect(model.mostAtOnce <= atOnce)
            #expect(model.calls.count > 20 && waits.count > 0, "the history is worth something")
        }
    }
}
