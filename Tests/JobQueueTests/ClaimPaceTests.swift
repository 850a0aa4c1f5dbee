import Testing

@testable import JobQueue

@Suite struct ClaimPaceTests {
    @Test func `behind shut gates it looks further each time, and rests once it has been all round`() {
        var pace = ClaimPace()
        var steps: [Int] = []
        var next = ClaimPace.Next.goOn
        // Ten thousand tenants behind their gates: the walk goes past the last of them every ten thousand steps.
        var walked = 0
        while next == .goOn {
            steps.append(pace.steps)
            let before = walked / 10_000
            walked += pace.steps
            next = pace.next(taken: 0, room: 100, hasMore: false, isWholeCircle: false, hasWrapped: walked / 10_000 > before)
        }
        #expect(steps.prefix(4) == [64, 256, 1_024, 4_096])
        #expect(steps.count < 12)
        #expect(next == .rest(5))
        #expect(pace.steps == 64)
    }

    @Test func `an empty queue is looked at once a rest, and a find brings it back to its usual step`() {
        var pace = ClaimPace()
        #expect(pace.next(taken: 0, room: 100, hasMore: false, isWholeCircle: true, hasWrapped: true) == .rest(1))
        #expect(pace.next(taken: 0, room: 100, hasMore: false, isWholeCircle: false, hasWrapped: false) == .goOn)
        #expect(pace.steps == 256)
        #expect(pace.next(taken: 1, room: 1, hasMore: false, isWholeCircle: false, hasWrapped: false) == .goOn)
        #expect(pace.steps == 64)
        #expect(pace.next(taken: 5, room: 5, hasMore: true, isWholeCircle: false, hasWrapped: false) == .whenThereIsRoom)
    }

    @Test func `it looks at more tenants while those it met have too little to fill the room, and at fewer once they have enough`() {
        var pace = ClaimPace()
        var steps: [Int] = []
        for _ in 1...4 {
            #expect(pace.next(taken: 200, room: 1_000, hasMore: false, isWholeCircle: false, hasWrapped: false) == .goOn)
            steps.append(pace.steps)
        }
        // One of them has plenty, the others little: what there is room for is still not found among so few.
        #expect(pace.next(taken: 300, room: 1_000, hasMore: true, isWholeCircle: false, hasWrapped: false) == .whenThereIsRoom)
        steps.append(pace.steps)
        // All of the room, by those who had no more.
        #expect(pace.next(taken: 900, room: 1_000, hasMore: false, isWholeCircle: false, hasWrapped: false) == .goOn)
        steps.append(pace.steps)
        for _ in 1...3 {
            #expect(pace.next(taken: 1_000, room: 1_000, hasMore: true, isWholeCircle: false, hasWrapped: false) == .whenThereIsRoom)
            steps.append(pace.steps)
        }
        #expect(steps == [128, 256, 256, 256, 256, 256, 128, 64, 64])
    }

    @Test func `a few tenants with little work are all there is: it looks no further for more`() {
        var pace = ClaimPace()
        #expect(pace.next(taken: 5, room: 1_000, hasMore: true, isWholeCircle: true, hasWrapped: true) == .whenThereIsRoom)
        #expect(pace.steps == 64)
    }
}
