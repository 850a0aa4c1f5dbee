import NIOCore
import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(10))) struct LimitTests {
    @Test func `call 101 within 20 s is 606, and the call at exactly 20 s is not`() {
        var instance = InstanceUnderTest()
        instance.world.switches.refusedCallsCount = false
        for _ in 1...100 { #expect(instance.code() == nil) }
        #expect(instance.code() == "606")
        instance.uptime += 20_000_000_000 - 1
        #expect(instance.code() == "606")
        instance.uptime += 1
        #expect(instance.code() == nil)
    }

    @Test(arguments: [true, false])
    func `refused calls use up the window themselves, unless switched off`(count: Bool) {
        var instance = InstanceUnderTest(SimulatorConfiguration(limits: Limits(callsPerWindow: 2, atOnce: nil, callsPerDay: nil)))
        instance.world.switches.refusedCallsCount = count
        #expect((1...2).map { _ in instance.code() } == [nil, nil])
        instance.pass(seconds: 15)
        #expect(instance.code() == "606")
        // The first two are out of the window, the refused one is in it.
        instance.pass(seconds: 6)
        #expect((1...2).map { _ in instance.code() } == [nil, count ? "606" : nil])
    }

    @Test func `a fixed window starts anew at its border`() {
        var window = ArrivalWindow(span: 20, isFixed: true)
        window.add(at: 19)
        #expect(window.count(at: 19) == 1)
        #expect(window.count(at: 20) == 0)
    }

    @Test func `the most in any window is exact, whatever the spacing`() {
        var dice = SeededRandom(seed: 7)
        var window = ArrivalWindow(span: 1_000)
        var (arrivals, now): ([Int64], Int64) = ([], 0)
        for _ in 1...2_000 {
            now += Int64(dice.below(40))
            arrivals.append(now)
            window.add(at: now)
        }
        let brute = arrivals.indices.map { last in arrivals[...last].count { $0 > arrivals[last] - 1_000 } }.max()
        #expect(window.most == brute)
    }

    @Test func `the eleventh call at once is 615, and a finished one makes room`() {
        var instance = InstanceUnderTest()
        let running = (1...10).map { _ in instance.begin("GET", "/rest/v1/lead/1.json") }
        #expect(instance.code() == "615")
        _ = instance.finish(running[0].0, running[0].1)
        #expect(instance.code() == nil)
        #expect(instance.world.desk.report.mostAtOnce == 11)
    }

    @Test func `a client that keeps to ten at once is seen to have kept to ten`() {
        var instance = InstanceUnderTest()
        let running = (1...10).map { _ in instance.begin("GET", "/rest/v1/lead/1.json") }
        for call in running { _ = instance.finish(call.0, call.1) }
        #expect(instance.code() == nil)
        #expect(instance.world.desk.report.mostAtOnce == 10)
    }

    @Test func `errors are counted under codes of digits, a gateway's page under its status, a lost connection under none`() {
        var instance = InstanceUnderTest()
        let faults = [FaultRule(.http).with { $0.status = 502 }, FaultRule(.reset), FaultRule(.hang), .code("713")]
        for fault in faults {
            instance.world.faults.add(fault.limited(to: 1))
            _ = instance.answer("GET", "/rest/v1/lead/1.json")
        }
        let errors = instance.json("GET", "/rest/v1/stats/errors.json")["result"]?.elements?.first
        #expect(errors?["errors"]?.elements?.map { $0["errorCode"] } == ["502", "713"])
        #expect(errors?["total"] == 2)
    }

    @Test func `the day's last call is answered, the next is 607 until midnight in Chicago`() {
        var instance = InstanceUnderTest(SimulatorConfiguration(limits: Limits(callsPerWindow: nil, atOnce: nil, callsPerDay: 5)))
        for _ in 1...5 { #expect(instance.code() == nil) }
        #expect(instance.code() == "607")
        // 12:00 UTC is 07:00 there in summer: 17 h are left.
        instance.pass(seconds: 17 * 3_600 - 1)
        instance.token = instance.newToken()
        #expect(instance.code() == "607")
        instance.pass(seconds: 1)
        #expect(instance.code() == nil)
    }

    @Test func `by switch the day ends at six o'clock UTC in summer too`() {
        #expect(CentralTime(isFixed: false).nextMidnight(after: InstanceUnderTest.noon) == InstanceUnderTest.noon + 17 * 3_600)
        #expect(CentralTime(isFixed: true).nextMidnight(after: InstanceUnderTest.noon) == InstanceUnderTest.noon + 18 * 3_600)
    }

    @Test(arguments: [
        ("2024-03-10T07:59:59Z", -6), ("2024-03-10T08:00:00Z", -5), ("2024-11-03T06:59:59Z", -5), ("2024-11-03T07:00:00Z", -6),
        ("2026-03-08T08:00:00Z", -5), ("2026-11-01T07:00:00Z", -6), ("2026-01-01T00:00:00Z", -6),
    ])
    func `daylight saving begins and ends to the second`(time: String, hours: Int64) throws {
        let seconds = try #require(CivilTime.seconds(parsing: time))
        #expect(CentralTime(isFixed: false).offset(at: seconds) == hours * 3_600)
    }

    @Test func `calls of other integrations use up the same day and stand in usage by user`() {
        var instance = InstanceUnderTest(SimulatorConfiguration(limits: Limits(callsPerWindow: nil, atOnce: nil, callsPerDay: 100)))
        instance.world.desk.count(user: "other@example.com", calls: 99, day: instance.world.day(at: instance.uptime))
        #expect(instance.code() == nil)
        #expect(instance.code() == "607")
        #expect(
            instance.text("GET", "/rest/v1/stats/usage.json")
                == #""result":[{"date":"2024-06-15","total":102,"users":[{"userId":"integration@example.com","count":3},{"userId":"other@example.com","count":99}]}],"success":true}"#
        )
        #expect(instance.json("GET", "/rest/v1/stats/usage/last7days.json")["result"]?.elements?.count == 7)
        let errors = instance.json("GET", "/rest/v1/stats/errors.json")["result"]?.elements?.first
        #expect(errors?["total"] == 1 && errors?["errors"]?.elements?.first?["errorCode"] == "607")
    }

    @Test func `the evidence tells what each API user did alone: who keeps to a limit is not blamed for what others did`() {
        var configuration = SimulatorConfiguration(limits: Limits(callsPerWindow: 3, atOnce: 2, callsPerDay: nil))
        let other = APIClient(id: "other", secret: "s", user: "other@example.com")
        configuration.clients.append(other)
        var instance = InstanceUnderTest(configuration)
        let first = instance.begin("GET", "/rest/v1/lead/1.json")
        instance.token = instance.newToken(client: other)
        let second = instance.begin("GET", "/rest/v1/lead/1.json")
        for _ in 1...2 { #expect(instance.code() == "615") }
        for call in [first, second] { _ = instance.finish(call.0, call.1) }
        let report = instance.world.desk.report
        #expect(report.mostAtOnce == 3 && report.mostAtOnceByUser == ["integration@example.com": 1, "other@example.com": 2])
        #expect(report.mostInAnyWindow == 4 && report.mostInAnyWindowByUser == ["integration@example.com": 1, "other@example.com": 3])
        instance.world.desk.resetEvidence()
        #expect(instance.world.desk.report == Evidence())
    }

    @Test func `the evidence tells what came after the quota was spent, and how close together`() {
        var instance = InstanceUnderTest(SimulatorConfiguration(limits: Limits(callsPerWindow: nil, atOnce: nil, callsPerDay: 1)))
        #expect(instance.code() == nil)
        #expect(instance.world.desk.report.callsAfterQuota == 0)
        _ = instance.code()
        instance.pass(seconds: 300)
        _ = instance.code("GET", "/rest/v1/stats/usage.json")
        instance.pass(seconds: 40)
        _ = instance.newToken()
        let report = instance.world.desk.report
        #expect(report.callsAfterQuota == 1 && report.statsCallsAfterQuota == 1 && report.identityCallsAfterQuota == 1)
        #expect(report.leastSecondsBetweenCallsAfterQuota == 40)
        instance.world.desk.resetEvidence()
        #expect(instance.world.desk.report == Evidence())
    }
}
