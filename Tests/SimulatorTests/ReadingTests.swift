import NIOCore
import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(10))) struct ReadingTests {
    private func filled(_ leads: Int = 700) -> InstanceUnderTest {
        InstanceUnderTest(SimulatorConfiguration(leads: leads, limits: .off))
    }

    @Test func `a page has id first, then the fields in the order asked, null for what is unset, false for an unset boolean`() throws {
        var instance = InstanceUnderTest()
        _ = instance.sync(#"[{"email":"a@example.jp","leadScore":7}]"#)
        #expect(
            instance.text("GET", "/rest/v1/leads.json?filterType=email&filterValues=A@EXAMPLE.jp&fields=unsubscribed,leadScore,id,company,email")
                == #""result":[{"id":1,"unsubscribed":false,"leadScore":7,"company":null,"email":"a@example.jp"}],"success":true}"#)
        instance.world.switches.unsetFieldsMissing = true
        #expect(
            instance.text("GET", "/rest/v1/lead/1.json?fields=company&fields=email")
                == #""result":[{"id":1,"email":"a@example.jp"}],"success":true}"#)
    }

    @Test func `the default fields come in the recorded order`() {
        var instance = self.filled(3)
        let lead = instance.json("GET", "/rest/v1/lead/2.json")["result"]?.elements?.first
        #expect(lead?.members?.map(\.name) == ["id", "firstName", "lastName", "email", "updatedAt", "createdAt"])
    }

    @Test func `300 ids come in one page, missing ones are absent, 301 are refused with 1003`() {
        var instance = self.filled()
        instance.world.delete(5, at: instance.uptime)
        let ids = (1...300).map(String.init).joined(separator: ",")
        let page = instance.json(
            "POST", "/rest/v1/leads.json?_method=GET", "filterType=id&filterValues=\(ids)", type: "application/x-www-form-urlencoded")
        #expect(page["result"]?.elements?.count == 299)
        #expect(page["nextPageToken"] == nil && page["moreResult"] == nil)
        #expect(instance.code("GET", "/rest/v1/leads.json?filterType=id&filterValues=\(ids),301") == "1003")
    }

    @Test func `_method is obeyed in the form body too, and values may be repeated instead of listed`() {
        var instance = self.filled(5)
        let page = instance.json(
            "POST", "/rest/v1/leads.json", "_method=GET&filterType=id&filterValues=2&filterValues=4", type: "application/x-www-form-urlencoded")
        #expect(page["result"]?.elements?.ids == [2, 4])
    }

    @Test func `more than 1,000 matches are 1003, fewer are paged by a token that ends in an equals sign`() {
        var instance = self.filled(1_001)
        let members = Set(instance.world.leads.ids)
        for id in members { _ = try? instance.world.updateLead(id, [.init(name: "memberNumber", value: "x")], at: instance.uptime) }
        let target = "/rest/v1/leads.json?filterType=memberNumber&filterValues=x"
        #expect(instance.json("GET", target)["errors"]?.elements?.first?["message"] == "Too many results match the filter")
        instance.world.delete(1, at: instance.uptime)
        var (seen, token): ([Int64?], String?) = ([], nil)
        repeat {
            let page = instance.json("GET", target + (token.map { "&nextPageToken=\($0)" } ?? ""))
            seen += page["result"]?.elements?.ids ?? []
            token = page["nextPageToken"]?.text
            #expect(token?.hasSuffix("=") ?? true)
        } while token != nil
        #expect(seen == (2...1_001).map { $0 })
    }

    @Test func `what can't be searched is 1011, an unknown field 1006, an unknown path 610, a double slash 610, a wrong method 605`() {
        var instance = self.filled(2)
        #expect(instance.code("GET", "/rest/v1/leads.json?filterType=createdAt&filterValues=1") == "1011")
        #expect(instance.code("GET", "/rest/v1/leads.json?filterType=mazrica_phase&filterValues=1") == "1011")
        #expect(instance.code("GET", "/rest/v1/leads.json?filterType=id&filterValues=1&fields=nope") == "1006")
        #expect(instance.code("GET", "/rest/v1/nothing.json") == "610")
        #expect(instance.code("GET", "/rest//v1/lead/1.json") == "610")
        #expect(instance.code("PUT", "/rest/v1/leads.json") == "605")
    }

    @Test(arguments: [
        "id", "cookies", "email", "facebookId", "leadPartitionId", "linkedInId", "sfdcAccountId", "sfdcContactId", "sfdcLeadId", "sfdcLeadOwnerId",
        "sfdcOpptyId", "twitterId",
    ])
    func `every documented filter type is one`(type: String) {
        var instance = InstanceUnderTest()
        #expect(instance.json("GET", "/rest/v1/leads.json?filterType=\(type)&filterValues=1")["result"] == .array([]))
    }

    @Test func `an unknown lead is an empty result, or 1004 by switch`() {
        var instance = InstanceUnderTest()
        #expect(instance.text("GET", "/rest/v1/lead/9.json") == #""result":[],"success":true}"#)
        instance.world.switches.unknownLeadIsError = true
        #expect(instance.code("GET", "/rest/v1/lead/9.json") == "1004")
    }

    @Test func `a hidden field leaves describe and can't be used, and comes back with its values`() {
        var instance = InstanceUnderTest()
        _ = instance.sync(#"[{"email":"a@example.jp","mazrica_phase":"商談"}]"#)
        instance.world.hide(field: "mazrica_phase")
        func described(_ instance: inout InstanceUnderTest) -> Bool {
            instance.json("GET", "/rest/v1/leads/describe.json")["result"]?.elements?.contains { $0["rest"]?["name"] == "mazrica_phase" } ?? false
        }
        #expect(!described(&instance))
        #expect(instance.code("GET", "/rest/v1/lead/1.json?fields=mazrica_phase") == "1006")
        #expect(instance.sync(#"[{"email":"a@example.jp","mazrica_phase":"x"}]"#).reasons == ["1006"])
        instance.world.show(field: "mazrica_phase")
        #expect(described(&instance))
        #expect(instance.json("GET", "/rest/v1/lead/1.json?fields=mazrica_phase")["result"]?.elements?.first?["mazrica_phase"] == "商談")
    }

    @Test func `describe tells the recorded types: score integer, main phone string, phase text without a length`() throws {
        var instance = InstanceUnderTest()
        let fields = instance.json("GET", "/rest/v1/leads/describe.json")["result"]?.elements ?? []
        func field(_ name: String) throws -> JSONValue { try #require(fields.first { $0["rest"]?["name"] == .string(name) }) }
        #expect(try field("leadScore")["dataType"] == "integer")
        #expect(try field("mainPhone")["dataType"] == "string")
        #expect(try field("mazrica_phase")["dataType"] == "text" && field("mazrica_phase")["length"] == nil)
        #expect(try field("mktoAcquisitionDate")["soap"] == nil)
        #expect(try field("createdAt")["rest"]?["readOnly"] == true && field("id")["rest"]?["readOnly"] == false)
        #expect(LeadField.standard[LeadField.Index.fullName].name == "mktoName")
        #expect(LeadField.standard[LeadField.Index.acquisitionDate].name == "mktoAcquisitionDate")
        #expect(LeadField.standard[LeadField.Index.leadScore].name == "leadScore")
    }

    @Test func `the request id carries the server's milliseconds in hex`() throws {
        var instance = InstanceUnderTest()
        let id = try #require(instance.json("GET", "/rest/v1/lead/1.json")["requestId"]?.text)
        let parts = id.split(separator: "#")
        #expect((1...5).contains(parts[0].count))
        #expect(Int64(parts[1], radix: 16) == InstanceUnderTest.noon * 1_000)
    }
}
