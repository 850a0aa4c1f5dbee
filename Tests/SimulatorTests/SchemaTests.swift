import NIOCore
import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(10))) struct SchemaTests {
    private let fields = "/rest/v1/leads/schema/fields.json"

    @Test func `a field is made by a call and can be written and read at once; a Text Area can't be made`() {
        var instance = InstanceUnderTest()
        let made = instance.json(
            "POST", self.fields,
            #"{"input":[{"displayName":"Phase","name":"phase","dataType":"string"},{"displayName":"T","name":"t","dataType":"text"},"#
                + #"{"displayName":"Heat","name":"heat","dataType":"score"},{"displayName":"Again","name":"phase","dataType":"string"},{"name":"x"}]}"#
        )
        #expect(made["result"]?.elements?.statuses == ["created", "skipped", "created", "skipped", "skipped"])
        #expect(made["result"]?.elements?.reasons == [nil, "1003", nil, "1017", "1002"])
        #expect(instance.sync(#"[{"email":"a@example.jp","phase":"商談","heat":3}]"#).statuses == ["created"])
        let field = instance.json("GET", "/rest/v1/leads/schema/fields/phase.json")["result"]?.elements?.first
        #expect(field?["isApiCreated"] == true && field?["isCustom"] == true && field?["length"] == 255)
        let described = instance.json("GET", "/rest/v1/leads/describe.json")["result"]?.elements?.first { $0["rest"]?["name"] == "heat" }
        #expect(described?["dataType"] == "integer")
        // A score logs a Change Score, whatever it is called.
        let token = instance.pagingToken(since: "2024-06-15T11:00:00Z")
        _ = instance.sync(#"[{"email":"a@example.jp","heat":5}]"#)
        let scores = instance.json("GET", "/rest/v1/activities.json?activityTypeIds=22&nextPageToken=\(token)")["result"]?.elements
        #expect(scores?.first?["primaryAttributeValue"] == "Heat")
    }

    @Test func `fields come 300 a page with a token, hidden ones too`() {
        var instance = InstanceUnderTest()
        let standard = LeadField.standard.count
        for number in 1...300 {
            instance.world.add(LeadField(id: Int64(5_000 + number), name: "f\(number)", displayName: "F", type: .string, isCustom: true))
        }
        instance.world.hide(field: "f300")
        let first = instance.json("GET", self.fields)
        #expect(first["result"]?.elements?.count == 300)
        let rest = instance.json("GET", "\(self.fields)?nextPageToken=\(first["nextPageToken"]?.text ?? "")")
        #expect(rest["result"]?.elements?.count == standard && rest["nextPageToken"] == nil)
        #expect(rest["result"]?.elements?.last?["isHidden"] == true)
    }

    @Test func `a field is hidden and labelled by a call, and there are at most 100 made by calls`() {
        var instance = InstanceUnderTest()
        let target = "/rest/v1/leads/schema/fields/memberNumber.json"
        #expect(
            instance.json("POST", target, #"{"input":[{"displayName":"会員番号","isHidden":true}]}"#)["result"]?.elements?.statuses == ["updated"])
        #expect(instance.json("GET", target)["result"]?.elements?.first?["displayName"] == "会員番号")
        #expect(instance.code("GET", "/rest/v1/lead/1.json?fields=memberNumber") == "1006")
        let many = (1...101).map { #"{"displayName":"F","name":"n\#($0)","dataType":"integer"}"# }.joined(separator: ",")
        let results = instance.json("POST", self.fields, #"{"input":[\#(many)]}"#)["result"]?.elements ?? []
        #expect(results.statuses.count { $0 == "created" } == 100 && results.last?["status"] == "skipped")
    }

    @Test func `making a field needs Read-Write Schema, which also reads`() {
        var instance = InstanceUnderTest()
        var client = APIClient.standard
        client.permissions = [.readSchema]
        instance.world.identity.put(client)
        let body = #"{"input":[{"displayName":"P","name":"p","dataType":"string"}]}"#
        #expect(instance.code("POST", self.fields, body) == "603")
        client.permissions = [.writeSchema]
        instance.world.identity.put(client)
        #expect(instance.code("POST", self.fields, body) == nil && instance.code("GET", self.fields) == nil)
    }
}
