import NIOCore
import Testing

@testable import Simulator

/// Numbers no honest client sends: the simulator answers and lives on.
@Suite(.timeLimit(.minutes(10))) struct HardInputTests {
    private static let least = String(Int64.min)
    private static let most = String(Int64.max)

    @Test(arguments: [Self.least, Self.most])
    func `an id at the end of the numbers is an unknown lead wherever it stands`(id: String) {
        var configuration = SimulatorConfiguration(leads: 3, limits: .off)
        configuration.seed.firstID = 1_000
        var instance = InstanceUnderTest(configuration)
        #expect(instance.json("GET", "/rest/v1/lead/\(id).json")["result"] == .array([]))
        #expect(instance.json("GET", "/rest/v1/leads.json?filterType=id&filterValues=\(id)")["result"] == .array([]))
        #expect(instance.sync(#"[{"id":\#(id),"lastName":"x"}]"#, action: "updateOnly", lookup: "id").statuses == ["skipped"])
        #expect(
            instance.json("POST", "/rest/v1/leads/delete.json", #"{"input":[{"id":\#(id)}]}"#)["result"]?.elements?.reasons == ["1004"])
        #expect(instance.code("POST", "/rest/v1/leads/1000/merge.json?leadId=\(id)") == "1004")
    }

    @Test func `a first id beyond all ids still leaves room for leads`() {
        var configuration = SimulatorConfiguration(leads: 2, limits: .off)
        configuration.seed.firstID = .max
        #expect(InstanceUnderTest(configuration).world.leads.count == 2)
    }

    @Test(arguments: [1e300, -1e300, .nan, .infinity])
    func `no jump and no speed takes the clock out of the years it has`(number: Double) {
        var clock = SimulatedClock(milliseconds: 1_000, uptime: 0)
        clock.advance(seconds: number, at: 0)
        clock.run(speed: number, at: 0)
        #expect((0...253_402_300_799_999).contains(clock.milliseconds(at: .max / 2)))
    }

    @Test(arguments: [0, -1, 1e300, .nan])
    func `a window of any length still counts`(seconds: Double) {
        for isFixed in [true, false] {
            var desk = CallDesk(limits: Limits(callsPerWindow: 1, windowSeconds: seconds, atOnce: nil, callsPerDay: nil), fixedWindow: isFixed)
            #expect(desk.arrive(uptime: 5, day: 0, user: "u", route: .describe, rules: Switches()) == nil)
            desk.limits.windowSeconds = seconds
            #expect(desk.arrive(uptime: 5, day: 0, user: "u", route: .describe, rules: Switches())?.code == "606")
        }
    }

    @Test func `switches, scores and activities of any size do no harm`() throws {
        var instance = InstanceUnderTest(SimulatorConfiguration(leads: 3, limits: .off))
        instance.world.switches.tokenSeconds = 1e300
        instance.world.switches.lateSeconds = 1e300
        instance.world.switches.lateShare = 1
        try instance.world.changeScore(1, by: .max, at: instance.uptime)
        try instance.world.changeScore(1, by: .max, at: instance.uptime)
        #expect(instance.world.lead(1)?.leadScore == Int64(Int32.max))
        instance.world.add(Activity(type: .max, lead: .min, date: .max), isLate: false)
        instance.token = instance.newToken()
        #expect(instance.code() == nil)
    }

    @Test(arguments: [
        #"{"kind":"http","status":99}"#, #"{"kind":"delay","seconds":1e300}"#, #"{"kind":"code","after":-9223372036854775808}"#,
    ])
    func `a fault that can't be is refused with a sentence`(text: String) throws {
        let body = try #require(JSONValue(parsing: text.utf8))
        #expect(try ControlDesk.decode(FaultRule.self, body).complaint != nil)
    }
}
