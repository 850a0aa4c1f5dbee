import NIOCore
import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(10))) struct ActivityTests {
    private let soon = "2024-06-15T11:00:00Z"

    private func page(_ instance: inout InstanceUnderTest, _ token: String, types: String = "12,13,22,32,37", size: Int = 300) -> JSONValue {
        instance.json("GET", "/rest/v1/activities.json?activityTypeIds=\(types)&batchSize=\(size)&nextPageToken=\(token)")
    }

    @Test func `a page without a record has no result at all, but a token and moreResult`() {
        var instance = InstanceUnderTest()
        let token = instance.pagingToken(since: self.soon)
        #expect(token.hasSuffix("="))
        #expect(self.page(&instance, token).members?.map(\.name) == ["requestId", "success", "nextPageToken", "moreResult"])
        _ = instance.sync(#"[{"email":"a@example.jp"}]"#)
        #expect(self.page(&instance, token).members?.map(\.name) == ["requestId", "result", "success", "nextPageToken", "moreResult"])
    }

    @Test func `a score change is a 22, with a 13 beside it or without by switch`() {
        var instance = InstanceUnderTest()
        _ = instance.sync(#"[{"email":"a@example.jp","leadScore":15}]"#)
        let token = instance.pagingToken(since: self.soon)
        _ = instance.sync(#"[{"email":"a@example.jp","leadScore":25}]"#)
        let records = self.page(&instance, token)["result"]?.elements ?? []
        #expect(records.map { $0["activityTypeId"]?.integer } == [12, 22, 13])
        #expect(records[1]["primaryAttributeValue"] == "Lead Score")
        #expect(
            records[1]["attributes"]?.elements?.prefix(3).map { $0["value"] } == [.string("+10"), .number("25"), .number("15")])
        #expect(records[2]["attributes"]?.elements?.first?["value"] == "25")
        instance.world.switches.scoreChangesLogBoth = false
        _ = instance.sync(#"[{"email":"a@example.jp","leadScore":26}]"#)
        #expect(self.page(&instance, token)["result"]?.elements?.map { $0["activityTypeId"]?.integer } == [12, 22, 13, 22])
    }

    @Test func `leadchanges gives New Lead and the changes of the fields named, as fields with their ids`() {
        var instance = InstanceUnderTest()
        _ = instance.sync(#"[{"email":"a@example.jp"}]"#)
        _ = instance.sync(#"[{"email":"a@example.jp","lastName":"山","title":"部長"}]"#)
        let token = instance.pagingToken(since: self.soon)
        let records = instance.json("GET", "/rest/v1/activities/leadchanges.json?fields=lastName&nextPageToken=\(token)")["result"]?.elements ?? []
        #expect(records.map { $0["activityTypeId"]?.integer } == [12, 13])
        #expect(records[0]["fields"] == .array([]))
        let field = records[1]["fields"]?.elements?.first
        #expect(field?["id"] == 3 && field?["name"] == "lastName" && field?["newValue"] == "山" && field?["oldValue"] == .null)
        #expect(records[1]["primaryAttributeValue"] == nil)
    }

    @Test func `tokens carry the place: paging by one record loses none and repeats none, and the last token goes on later`() {
        var instance = InstanceUnderTest()
        _ = instance.sync("[" + (1...5).map { #"{"email":"a\#($0)@example.jp"}"# }.joined(separator: ",") + "]")
        var (token, seen, more): (String, [Int64?], Bool) = (instance.pagingToken(since: self.soon), [], true)
        while more {
            let page = self.page(&instance, token, size: 1)
            seen += page["result"]?.elements?.map { $0["leadId"]?.integer } ?? []
            token = page["nextPageToken"]?.text ?? ""
            more = page["moreResult"] == true
        }
        #expect(seen == [1, 2, 3, 4, 5])
        _ = instance.sync(#"[{"email":"late@example.jp"}]"#)
        #expect(self.page(&instance, token)["result"]?.elements?.map { $0["leadId"]?.integer } == [6])
    }

    @Test func `a late record is missed by a continued token and found by a fresh one, or found by both by switch`() {
        var instance = InstanceUnderTest()
        let first = self.page(&instance, instance.pagingToken(since: self.soon))["nextPageToken"]?.text ?? ""
        instance.world.add(Activity(type: 6, lead: 1, date: InstanceUnderTest.noon - 600), isLate: true)
        #expect(self.page(&instance, first, types: "6")["result"] == nil)
        #expect(self.page(&instance, instance.pagingToken(since: self.soon), types: "6")["result"]?.elements?.count == 1)
        instance.world.switches.continuedTokensMissLate = false
        #expect(self.page(&instance, first, types: "6")["result"]?.elements?.count == 1)
    }

    @Test func `a read from a fresh token finds every late record, on its later pages too, and the next read passes over them`() {
        var instance = InstanceUnderTest()
        for lead in 1...3 { instance.world.add(Activity(type: 6, lead: Int64(lead), date: InstanceUnderTest.noon - 600), isLate: true) }
        func read(_ token: inout String) -> [Int64?] {
            var (seen, more): ([Int64?], Bool) = ([], true)
            while more {
                let page = self.page(&instance, token, types: "6", size: 1)
                seen += page["result"]?.elements?.map { $0["leadId"]?.integer } ?? []
                token = page["nextPageToken"]?.text ?? ""
                more = page["moreResult"] == true
            }
            return seen
        }
        var token = instance.pagingToken(since: self.soon)
        #expect(read(&token) == [1, 2, 3])
        instance.world.add(Activity(type: 6, lead: 4, date: InstanceUnderTest.noon - 600), isLate: true)
        #expect(read(&token) == [])
        var again = instance.pagingToken(since: self.soon)
        #expect(read(&again) == [1, 2, 3, 4])
    }

    @Test func `deletions live 14 days, value changes 90, New Leads for ever`() {
        var instance = InstanceUnderTest()
        _ = instance.sync(#"[{"email":"a@example.jp"},{"email":"b@example.jp"}]"#)
        _ = instance.sync(#"[{"email":"a@example.jp","lastName":"x"}]"#)
        instance.world.delete(2, at: instance.uptime)
        let token = instance.pagingToken(since: self.soon)
        func types(_ instance: inout InstanceUnderTest) -> [Int64?] {
            instance.token = instance.newToken()
            return self.page(&instance, token)["result"]?.elements?.map { $0["activityTypeId"]?.integer } ?? []
        }
        #expect(types(&instance) == [12, 12, 13, 37])
        instance.pass(seconds: 15 * 86_400)
        #expect(types(&instance) == [12, 12, 13])
        instance.pass(seconds: 76 * 86_400)
        #expect(types(&instance) == [12, 12])
    }

    @Test func `a deletion is told by id and name; a merge's losers only by switch`() {
        var instance = InstanceUnderTest()
        _ = instance.sync(#"[{"email":"a@example.jp","lastName":"山"},{"email":"b@example.jp"},{"email":"c@example.jp"},{"email":"d@example.jp"}]"#)
        instance.world.delete(1, at: instance.uptime)
        _ = instance.json("POST", "/rest/v1/leads/2/merge.json?leadId=3")
        instance.world.switches.mergeLosersAppearDeleted = true
        _ = instance.json("POST", "/rest/v1/leads/2/merge.json?leadId=4")
        let token = instance.pagingToken(since: self.soon)
        let gone = instance.json("GET", "/rest/v1/activities/deletedleads.json?nextPageToken=\(token)")["result"]?.elements ?? []
        #expect(gone.map { $0["primaryAttributeValueId"]?.integer } == [1, 4])
        #expect(gone.first?["primaryAttributeValue"] == "山" && gone.first?["attributes"] == .array([]))
        let merges = self.page(&instance, token, types: "32")["result"]?.elements ?? []
        #expect(merges.map { $0["leadId"]?.integer } == [2, 2])
        #expect(
            merges.first?["attributes"]?.elements?.last == .object([.init(name: "name", value: "Merge IDs"), .init(name: "value", value: "[3]")]))
    }

    @Test func `a walk looks at so many records a call, and an empty page with more to come is normal`() {
        var instance = InstanceUnderTest(SimulatorConfiguration(leads: 50, limits: .off))
        instance.world.switches.activityScan = 20
        _ = instance.sync(#"[{"email":"z@example.jp"}]"#)
        _ = instance.sync(#"[{"email":"z@example.jp","leadScore":1}]"#)
        var (token, empty, found, more): (String, Int, Int, Bool) = (instance.pagingToken(since: "2020-01-01"), 0, 0, true)
        while more {
            let page = self.page(&instance, token, types: "22")
            let count = page["result"]?.elements?.count ?? 0
            (empty, found) = (empty + (count == 0 ? 1 : 0), found + count)
            token = page["nextPageToken"]?.text ?? ""
            more = page["moreResult"] == true
        }
        #expect(found == 1 && empty == 2)
    }

    @Test func `assets narrow one type, and are refused with more than one`() {
        var instance = InstanceUnderTest(SimulatorConfiguration(leads: 2))
        for asset in [7, 8, 9] as [Int64] {
            instance.world.add(Activity(type: 6, lead: 1, date: InstanceUnderTest.noon, primaryID: asset), isLate: false)
        }
        let token = instance.pagingToken(since: "2020-01-01")
        func page(_ types: String, _ assets: String) -> JSONValue {
            instance.json("GET", "/rest/v1/activities.json?activityTypeIds=\(types)&assetIds=\(assets)&nextPageToken=\(token)")
        }
        #expect(page("6", "7,9")["result"]?.elements?.map { $0["primaryAttributeValueId"]?.integer } == [7, 9])
        #expect(page("12", "2")["result"]?.elements?.map { $0["leadId"]?.integer } == [2])
        #expect(page("6", "1")["result"] == nil)
        #expect(page("6,12", "7")["errors"]?.elements?.first?["code"] == "1003")
        #expect(page("6,12", "")["result"]?.elements?.count == 5)
    }

    @Test func `a change put in from behind is in leadchanges, late or not, and tells what the vendor's own would`() throws {
        var instance = InstanceUnderTest(SimulatorConfiguration(leads: 2))
        try instance.world.add(
            Activity(type: 13, lead: 2, date: InstanceUnderTest.noon - 600), changing: [FieldChange("leadScore", old: "5", new: "25")], isLate: true)
        let token = instance.pagingToken(since: self.soon)
        let change = instance.json("GET", "/rest/v1/activities/leadchanges.json?fields=leadScore&nextPageToken=\(token)")["result"]?.elements?.last
        let field = change?["fields"]?.elements?.first
        #expect(change?["leadId"] == 2 && field?["name"] == "leadScore" && field?["oldValue"] == "5" && field?["newValue"] == "25")
        let record = self.page(&instance, token, types: "13")["result"]?.elements?.first
        #expect(record?["primaryAttributeValueId"] == 146 && record?["primaryAttributeValue"] == "Lead Score")
        #expect(record?["attributes"]?.elements?.map { $0["value"] } == ["25", "5"])
        #expect(throws: VendorError.self) {
            try instance.world.add(Activity(type: 13, lead: 2, date: 0), changing: [FieldChange("nope", old: nil, new: nil)], isLate: false)
        }
    }

    @Test func `every type the reference lists is told`() {
        var instance = InstanceUnderTest()
        let ids = instance.json("GET", "/rest/v1/activities/types.json")["result"]?.elements?.compactMap { $0["id"]?.integer } ?? []
        let listed: [Int64] = [
            1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 22, 24, 25, 27, 32, 37, 38, 46, 47, 100, 104, 110, 113, 114, 115, 123, 145, 155,
        ]
        #expect(ids == listed)
    }

    @Test func `too many types, too many leads, no token or a made-up one are refused`() {
        var instance = InstanceUnderTest()
        let token = instance.pagingToken(since: "2024-06-15")
        #expect(instance.code("GET", "/rest/v1/activities.json?activityTypeIds=1,2,3,4,5,6,7,8,9,10,11&nextPageToken=\(token)") == "1003")
        let leads = (1...31).map(String.init).joined(separator: ",")
        #expect(instance.code("GET", "/rest/v1/activities.json?activityTypeIds=1&leadIds=\(leads)&nextPageToken=\(token)") == "1003")
        #expect(instance.code("GET", "/rest/v1/activities.json?activityTypeIds=1&nextPageToken=AAAA") == "1003")
        #expect(instance.code("GET", "/rest/v1/activities.json?activityTypeIds=1&assetIds=&leadIds=&nextPageToken=\(token)") == nil)
        #expect(instance.code("GET", "/rest/v1/activities/pagingtoken.json?sinceDatetime=yesterday") == "704")
    }
}
