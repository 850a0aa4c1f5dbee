import Testing

@testable import JobQueue

@Suite struct ClaimPaceTests {
    @Test func `behind shut gates it looks further each time, and rests once it has been all round`() {
        var pace = ClaimPace(concurrency: 16)
        var steps: [Int] = []
        var next = ClaimPace.Next.goOn
        // Ten thousand tenants behind their gates: the walk goes past the last of them every ten thousand steps.
        var walked = 0
        while next == .goOn {
            steps.append(pace.steps)
            let before = walked / 10_000
            walked += pace.steps
            next = pace.next(taken: 0, hasMore: false, isWholeCircle: false, hasWrapped: walked / 10_000 > before)
        }
        #expect(steps.prefix(4) == [64, 256, 1_024, 4_096])
        #expect(steps.count < 12)
        #expect(next == .rest(5))
        #expect(pace.steps == 64)
    }

    @Test func `an empty queue is looked at once a rest, and a find brings it back to its usual step`() {
        var pace = ClaimPace(concurrency: 16)
        #expect(pace.next(taken: 0, hasMore: false, isWholeCircle: true, hasWrapped: true) == .rest(1))
        #expect(pace.next(taken: 0, hasMore: false, isWholeCircle: false, hasWrapped: false) == .goOn)
        #expect(pace.steps == 256)
        #expect(pace.next(taken: 1, hasMore: false, isWholeCircle: false, hasWrapped: false) == .goOn)
        #expect(pace.steps == 64)
        #expect(pace.next(taken: 5, hasMore: true, isWholeCircle: false, hasWrapped: false) == .whenThereIsRoom)
    }
}
