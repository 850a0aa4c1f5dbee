import NIOCore
import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(10))) struct FaultTests {
    @Test func `a scripted fault strikes the n-th matching call, so many times, on its path only`() {
        var instance = InstanceUnderTest()
        instance.world.faults.add(.code("608", path: "/rest/v1/lead/*").on(nth: 2))
        instance.world.faults.add(.code("611", path: "*/describe.json").limited(to: 1))
        #expect((1...3).map { _ in instance.code() } == [nil, "608", nil])
        #expect(instance.code("GET", "/rest/v1/leads/describe.json") == "611")
        #expect(instance.code("GET", "/rest/v1/leads/describe.json") == nil)
    }

    @Test func `a fault strikes only calls on which it would show, and others neither count nor use it up`() {
        var instance = InstanceUnderTest(SimulatorConfiguration(leads: 5))
        let token = instance.pagingToken(since: "2020-01-01")
        let page = instance.world.faults.add(FaultRule(.emptyPage).on(nth: 1))
        let expiry = instance.world.faults.add(FaultRule(.tokenExpired, path: "*/describe.json").on(nth: 1))
        let code = instance.world.faults.add(.code("713", path: "/identity/*"))
        _ = instance.newToken()
        for _ in 1...3 { _ = instance.code() }
        #expect(instance.world.faults.active.map(\.fired) == [0, 0, 0])
        #expect(instance.world.desk.report.faults.isEmpty)
        #expect(instance.json("GET", "/rest/v1/activities.json?activityTypeIds=12&nextPageToken=\(token)")["result"] == nil)
        let good = instance.token
        instance.token = "made:up"
        #expect(instance.code("GET", "/rest/v1/leads/describe.json") == "601")
        instance.token = good
        #expect(instance.code("GET", "/rest/v1/leads/describe.json") == "602")
        let fired = Dictionary(uniqueKeysWithValues: instance.world.faults.active.map { ($0.id, $0.fired) })
        #expect(fired == [page: 1, expiry: 1, code: 0])
        #expect(instance.world.desk.report.faults == ["empty-page": 1, "token-expired": 1])
    }

    @Test func `a call the limits or the permissions refuse uses up no fault that it never came to`() {
        var instance = InstanceUnderTest(SimulatorConfiguration(limits: Limits(callsPerWindow: 0, atOnce: nil, callsPerDay: nil)))
        instance.world.faults.add(.code("713").on(nth: 1))
        instance.world.faults.add(FaultRule(.lostAnswer).on(nth: 1))
        #expect(instance.code() == "606")
        #expect(instance.world.faults.active.map(\.fired) == [0, 0])
        instance.world.desk.limits = .off
        #expect(instance.code() == "713")
        #expect(instance.answer("GET", "/rest/v1/lead/1.json").delivery == .reset)
        var client = APIClient.standard
        client.permissions = [.readLead]
        instance.world.identity.put(client)
        let page = instance.world.faults.add(FaultRule(.shortPage))
        #expect(instance.code("GET", "/rest/v1/activities.json?activityTypeIds=12&nextPageToken=x") == "603")
        #expect(instance.world.faults.active.first { $0.id == page }?.fired == 0)
    }

    @Test func `a rule counts the calls that no earlier rule struck, so that its n-th is not passed by`() {
        var instance = InstanceUnderTest()
        instance.world.faults.add(.code("608").on(nth: 2))
        instance.world.faults.add(.code("611").on(nth: 2))
        #expect((1...4).map { _ in instance.code() } == [nil, "608", "611", nil])
    }

    @Test func `identity can refuse with a JSON 401`() {
        var instance = InstanceUnderTest()
        instance.world.faults.add(FaultRule(.unauthorized).limited(to: 1))
        instance.world.faults.add(FaultRule(.unauthorized).with { ($0.code, $0.message) = ("unauthorized", "No client \"x\"") })
        let path = "/identity/oauth/token?grant_type=client_credentials"
        #expect(instance.code() == nil)
        #expect(String(buffer: instance.answer("GET", path).body) == #"{"error":"invalid_client","error_description":"Bad client credentials"}"#)
        let other = instance.answer("GET", path)
        #expect(other.status == 401 && String(buffer: other.body) == #"{"error":"unauthorized","error_description":"No client \"x\""}"#)
    }

    @Test func `the same seed gives the same faults to the same calls`() {
        func codes(seed: UInt64) -> [String?] {
            var instance = InstanceUnderTest(SimulatorConfiguration(seed: seed, limits: .off))
            instance.world.faults.add(.code("713").at(rate: 0.3))
            return (1...200).map { _ in instance.code() }
        }
        #expect(codes(seed: 4) == codes(seed: 4))
        #expect(codes(seed: 4) != codes(seed: 5))
        let struck = codes(seed: 4).count { $0 != nil }
        #expect((30...90).contains(struck))
    }

    @Test func `starred codes count against nothing, the others do`() {
        var instance = InstanceUnderTest()
        for code in ["604", "608", "611"] { instance.world.faults.add(.code(code).limited(to: 1)) }
        for _ in 1...3 { _ = instance.code() }
        #expect(instance.world.desk.report.counted == 0)
        instance.world.faults.remove()
        for code in ["713", "600"] {
            instance.world.faults.add(.code(code).limited(to: 1))
            #expect(instance.code() == code)
        }
        #expect(instance.world.desk.report.counted == 2)
    }

    @Test func `an answer lost after the write has written; a fault before it has not`() {
        var instance = InstanceUnderTest()
        let lost = instance.world.faults.add(FaultRule(.lostAnswer))
        #expect(instance.answer("POST", "/rest/v1/leads.json", #"{"input":[{"email":"a@example.jp"}]}"#).delivery == .reset)
        #expect(instance.world.leads.count == 1)
        instance.world.faults.remove(lost)
        instance.world.faults.add(FaultRule(.http).with { $0.status = 502 })
        let answer = instance.answer("POST", "/rest/v1/leads.json", #"{"input":[{"email":"b@example.jp"}]}"#)
        #expect(answer.status == 502 && answer.contentType == "text/html" && instance.world.leads.count == 1)
    }

    @Test func `an early end of a token is 602 then 601, and identity then gives a new one`() {
        var instance = InstanceUnderTest()
        let old = instance.token
        instance.world.faults.add(FaultRule(.tokenExpiredThenInvalid).limited(to: 1))
        #expect((1...3).map { _ in instance.code() } == ["602", "601", "601"])
        instance.token = instance.newToken()
        #expect(instance.token != old && instance.code() == nil)
        instance.world.faults.add(FaultRule(.tokenExpired).limited(to: 1))
        #expect((1...2).map { _ in instance.code() } == ["602", nil])
        instance.world.faults.add(FaultRule(.tokenInvalid).limited(to: 1))
        #expect((1...2).map { _ in instance.code() } == ["601", "601"])
    }

    @Test func `activity pages can be empty, short, doubled, or give their own token again`() {
        var instance = InstanceUnderTest(SimulatorConfiguration(leads: 5))
        let token = instance.pagingToken(since: "2020-01-01")
        func page(_ fault: FaultRule) -> JSONValue {
            instance.world.faults.add(fault.limited(to: 1))
            return instance.json("GET", "/rest/v1/activities.json?activityTypeIds=12&nextPageToken=\(token)")
        }
        let empty = page(FaultRule(.emptyPage))
        #expect(empty["result"] == nil && empty["moreResult"] == true)
        // Another token, for the same place.
        let next = empty["nextPageToken"]?.text ?? ""
        #expect(next != token)
        #expect(
            instance.json("GET", "/rest/v1/activities.json?activityTypeIds=12&nextPageToken=\(next)")["result"]?.elements?.count == 5)
        let short = page(FaultRule(.shortPage).with { $0.count = 2 })
        #expect(short["result"]?.elements?.count == 2 && short["moreResult"] == true)
        #expect(page(FaultRule(.repeatedRecords))["result"]?.elements?.count == 10)
        #expect(page(FaultRule(.repeatedToken))["nextPageToken"] == .string(token))
    }

    @Test func `one record of a write can fail alone`() {
        var instance = InstanceUnderTest()
        instance.world.faults.add(FaultRule(.record).with { ($0.code, $0.nth) = ("1029", 2) })
        let results = instance.sync(#"[{"email":"a@example.jp"},{"email":"b@example.jp"},{"email":"c@example.jp"}]"#)
        #expect(results.reasons == [nil, "1029", nil])
    }

    @Test(arguments: [
        ("/rest/v1/leads.json", "*", true), ("/rest/v1/leads.json", "/rest/v1/leads.json", true), ("/rest/v1/leads.json", "*/activities*", false),
        ("/rest/v1/lead/7.json", "/rest/*/7.json", true), ("/rest/v1/lead/7.json", "/rest/v1/lead/*.json", true),
        ("/rest/v1/leads/describe.json", "/rest/v1/leads.json", false),
    ])
    func `a star in a path stands for anything`(path: String, pattern: String, holds: Bool) {
        #expect(FaultPlan.matches(path, pattern: pattern) == holds)
    }
}
