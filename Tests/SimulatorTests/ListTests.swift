import NIOCore
import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(10))) struct ListTests {
    private func filled() -> InstanceUnderTest {
        var instance = InstanceUnderTest(SimulatorConfiguration(leads: 3, limits: .off))
        for id in 1...316 {
            instance.world.putList(
                Int64(id), name: "List \(id)", program: id % 2 == 0 ? "Fair" : nil, workspace: id > 310 ? "Japan" : "Default", members: [],
                at: instance.uptime)
        }
        return instance
    }

    @Test func `316 lists come as 300 and 16: the token on the first page only, moreResult on neither, by switch on both`() {
        var instance = self.filled()
        let first = instance.json("GET", "/rest/v1/lists.json")
        #expect(first.members?.map(\.name) == ["requestId", "result", "success", "nextPageToken"] && first["result"]?.elements?.count == 300)
        let target = "/rest/v1/lists.json?nextPageToken=\(first["nextPageToken"]?.text ?? "")"
        let last = instance.json("GET", target)
        #expect(last.members?.map(\.name) == ["requestId", "result", "success"] && last["result"]?.elements?.ids == (301...316).map { $0 })
        instance.world.switches.leadPagesTellMore = true
        #expect(instance.json("GET", target)["moreResult"] == false)
        #expect(instance.code("GET", "/rest/v1/lists.json?nextPageToken=AAAA") == "1003")
    }

    @Test(arguments: [
        ("id=7&id=9,11", [7, 9, 11]), ("name=List+12,List+13", [12, 13]), ("programName=Fair&workspaceName=Japan", [312, 314, 316]),
        ("id=&name=&batchSize=2", [1, 2]), ("name=nope", []),
    ])
    func `lists are found by id, name, program and workspace`(query: String, ids: [Int64]) {
        var instance = self.filled()
        #expect(instance.json("GET", "/rest/v1/lists.json?\(query)")["result"]?.elements?.ids == ids)
    }

    @Test func `a list tells its program and workspace, and its activities name both program and list`() {
        var instance = self.filled()
        let list = instance.json("GET", "/rest/v1/lists/312.json")["result"]?.elements?.first
        #expect(list?["programName"] == "Fair" && list?["workspaceName"] == "Japan")
        let token = instance.pagingToken(since: "2024-06-15T11:00:00Z")
        _ = instance.json("POST", "/rest/v1/lists/312/leads.json?id=1")
        let added = instance.json("GET", "/rest/v1/activities.json?activityTypeIds=24&nextPageToken=\(token)")["result"]?.elements?.first
        #expect(added?["primaryAttributeValue"] == "Fair.List 312")
    }

    @Test func `activities of a list of 10,000 leads are refused with 1003, unless switched off`() {
        var instance = self.filled()
        instance.world.putList(1_000, name: "long", members: Set(1...10_000), at: instance.uptime)
        let target = "/rest/v1/activities.json?activityTypeIds=12&listId=1000&nextPageToken=\(instance.pagingToken(since: "2020-01-01"))"
        #expect(instance.code("GET", target) == "1003")
        instance.world.switches.longListsRefused = false
        #expect(instance.json("GET", target)["result"]?.elements?.count == 3)
    }
}
