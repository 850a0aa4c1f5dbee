import Foundation
import Store
import Testing

@testable import Kakehashi

@Suite struct SettledWatchTests {
    private let start = ContinuousClock.now

    @Test func `a wait ends when the tenant is settled`() {
        var watch = SettledWatch(deadline: nil, deadBefore: 0)
        #expect(watch.end(.given(settled: false), at: self.start) == nil)
        #expect(watch.end(.given(settled: true), at: self.start) == .settled)
    }

    @Test func `a job that died meanwhile ends it, one that was dead before does not`() {
        var watch = SettledWatch(deadline: nil, deadBefore: 2)
        #expect(watch.end(.given(settled: true, dead: 2), at: self.start) == .settled)
        #expect(watch.end(.given(settled: true, dead: 3), at: self.start) == .died(jobs: 1))
    }

    @Test func `held by the quota ends it, but not before what runs has finished`() {
        var watch = SettledWatch(deadline: nil, deadBefore: 0)
        let until = Date(timeIntervalSince1970: 1_800_000_000)
        #expect(watch.end(.given(settled: false, state: .pausedQuota, pausedUntil: until, running: 1), at: self.start) == nil)
        #expect(watch.end(.given(settled: false, state: .pausedQuota, pausedUntil: until), at: self.start) == .heldByQuota(until: until))
        #expect(watch.end(.given(settled: true, state: .pausedQuota, pausedUntil: until), at: self.start) == .settled)
    }

    @Test func `a full load that waits for calls ends it once nothing else is left to do, and not between two calls`() {
        var watch = SettledWatch(deadline: nil, deadBefore: 0)
        let held = TenantStatus.given(settled: false, state: .syncing, fullLoad: "paused")
        #expect(watch.end(held, at: self.start) == nil)
        #expect(watch.end(.given(settled: false, state: .syncing, running: 1, fullLoad: "paused"), at: self.start + .seconds(9)) == nil)
        #expect(watch.end(held, at: self.start + .seconds(11)) == nil)
        #expect(watch.end(held, at: self.start + .seconds(21)) == .heldByQuota(until: nil))
    }

    @Test(arguments: [SyncState.pausedByOperator, .pausedAuth])
    func `where nothing moves without a person the wait ends, but not before what runs has finished`(_ state: SyncState) {
        var watch = SettledWatch(deadline: nil, deadBefore: 0)
        #expect(watch.end(.given(settled: false, state: state, running: 1), at: self.start) == nil)
        #expect(watch.end(.given(settled: false, state: state), at: self.start) == .needsPerson(state))
        #expect(watch.end(.given(settled: true, state: state), at: self.start) == .settled)
    }

    @Test func `what goes on by itself is waited for: an upstream pause, and an operator's that has an end`() {
        var watch = SettledWatch(deadline: nil, deadBefore: 0)
        #expect(watch.end(.given(settled: false, state: .pausedUpstream), at: self.start) == nil)
        #expect(watch.end(.given(settled: false, state: .pausedByOperator, pausedUntil: .distantFuture), at: self.start) == nil)
    }

    @Test func `the time given is kept to, and a removed tenant is not waited for`() {
        var watch = SettledWatch(deadline: self.start + .seconds(5), deadBefore: 0)
        #expect(watch.end(.given(settled: false), at: self.start + .seconds(4)) == nil)
        #expect(watch.end(.given(settled: false), at: self.start + .seconds(5)) == .timeout)
        #expect(watch.end(nil, at: self.start) == .gone)
    }
}
