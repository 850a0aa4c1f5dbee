import NIOCore
import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(10))) struct WritingTests {
    @Test func `created, updated and skipped come in input order, and a skipped record carries no id`() {
        var instance = InstanceUnderTest()
        #expect(
            instance.text("POST", "/rest/v1/leads.json", #"{"input":[{"email":"a@example.jp"},{"email":"bad"},{"email":"a@example.jp"}]}"#)
                == #""result":[{"id":1,"status":"created"},{"status":"skipped","reasons":[{"code":"1003","message":"Invalid value for field 'email' and value 'bad'"}]},{"id":1,"status":"updated"}],"success":true}"#
        )
    }

    @Test func `each action refuses as recorded: 1004 unknown, 1005 there already, 1007 several, and then nothing is changed`() {
        var instance = InstanceUnderTest()
        #expect(instance.sync(#"[{"email":"a@example.jp"}]"#, action: "updateOnly").reasons == ["1004"])
        #expect(instance.sync(#"[{"email":"a@example.jp"}]"#, action: "createOnly").statuses == ["created"])
        #expect(instance.sync(#"[{"email":"A@example.jp"}]"#, action: "createOnly").reasons == ["1005"])
        #expect(instance.sync(#"[{"email":"a@example.jp","lastName":"二"}]"#, action: "createDuplicate").ids == [2])
        #expect(instance.sync(#"[{"email":"a@example.jp","lastName":"三"}]"#).reasons == ["1007"])
        #expect(instance.world.lead(1)?.lastName == nil && instance.world.lead(2)?.lastName == "二")
        #expect(instance.sync(#"[{"id":9,"lastName":"x"}]"#, action: "updateOnly", lookup: "id").reasons == ["1004"])
        #expect(instance.sync(#"[{"id":1,"email":"new@example.jp"}]"#, action: "updateOnly", lookup: "id").ids == [1])
        #expect(instance.world.lead(1)?.email == "new@example.jp")
        #expect(instance.code("POST", "/rest/v1/leads.json", #"{"lookupField":"createdAt","input":[{}]}"#) == "1011")
        #expect(instance.sync(#"[{"id":1,"email":"x@example.jp"}]"#, action: "createOnly").reasons == ["1003"])
    }

    @Test(arguments: [
        #""leadScore":14.1"#, #""unsubscribed":"other""#, #""leadPercent":"100%""#, #""mktoAcquisitionDate":"yesterday""#, #""visitRate":"14c""#,
        #""createdAt":"2024-01-01""#,
    ])
    func `a value the field can't hold skips the whole record`(member: String) {
        var instance = InstanceUnderTest()
        _ = instance.sync(#"[{"email":"a@example.jp"}]"#)
        #expect(instance.sync(#"[{"email":"a@example.jp","lastName":"x",\#(member)}]"#).reasons == ["1003"])
        #expect(instance.world.lead(1)?.lastName == nil)
    }

    @Test func `null and empty text clear, an unknown field is 1006, a missing key 1002, more than 300 records 1003`() {
        var instance = InstanceUnderTest()
        _ = instance.sync(#"[{"email":"a@example.jp","lastName":"x","leadScore":3,"title":"y"}]"#)
        _ = instance.sync(#"[{"email":"a@example.jp","lastName":null,"leadScore":null,"title":""}]"#)
        #expect(instance.world.lead(1)?.lastName == nil && instance.world.lead(1)?.leadScore == nil && instance.world.lead(1)?.title == nil)
        #expect(instance.sync(#"[{"email":"a@example.jp","nope":1},{"lastName":"x"}]"#).reasons == ["1006", "1002"])
        let many = Array(repeating: "{}", count: 301).joined(separator: ",")
        #expect(instance.code("POST", "/rest/v1/leads.json", #"{"input":[\#(many)]}"#) == "1003")
        #expect(instance.code("POST", "/rest/v1/leads.json", "{") == "609")
        #expect(instance.text("POST", "/rest/v1/leads.json", "{}", type: "text/plain").contains(#""612""#))
    }

    @Test func `a write that changes nothing, and one of a custom field, leave updatedAt where it is`() {
        var instance = InstanceUnderTest()
        _ = instance.sync(#"[{"email":"a@example.jp","lastName":"x"}]"#)
        let before = instance.world.lead(1)?.updatedAt
        let activities = instance.world.log.count
        instance.pass(seconds: 60)
        #expect(instance.sync(#"[{"email":"a@example.jp","lastName":"x","unsubscribed":false}]"#).statuses == ["updated"])
        #expect(instance.world.lead(1)?.updatedAt == before && instance.world.log.count == activities)
        _ = instance.sync(#"[{"email":"a@example.jp","mazrica_phase":"受注"}]"#)
        #expect(instance.world.lead(1)?.updatedAt == before && instance.world.log.count == activities + 1)
        instance.world.switches.customFieldsMoveUpdatedAt = true
        _ = instance.sync(#"[{"email":"a@example.jp","mazrica_phase":"失注"}]"#)
        #expect(instance.world.lead(1)?.updatedAt != before)
    }

    @Test func `letters with their marks apart and together are two values: the change is written, logged and found`() throws {
        let (apart, together) = ("か\u{3099}く", "がく")
        var instance = InstanceUnderTest()
        let id = try instance.world.createLead([.init(name: "lastName", value: .string(apart))], at: instance.uptime)
        #expect(instance.world.lead(id)?.email == nil)
        let activities = instance.world.log.count
        _ = instance.sync(#"[{"id":\#(id),"lastName":"\#(together)"}]"#, action: "updateOnly", lookup: "id")
        #expect(instance.world.log.count == activities + 1)
        #expect(instance.world.lead(id)?.lastName.map { Array($0.utf8) } == Array(together.utf8))
        // The same of an e-mail, which is looked up by its bytes.
        func email(_ text: String) throws { try instance.world.updateLead(id, [.init(name: "email", value: .string(text))], at: instance.uptime) }
        func found(_ text: String) -> [Int64?]? {
            instance.json(
                "POST", "/rest/v1/leads.json", "_method=GET&filterType=email&filterValues=\(text)", type: "application/x-www-form-urlencoded")[
                    "result"]?.elements?.ids
        }
        try email(apart + "@example.jp")
        #expect(found(apart + "@example.jp") == [id])
        try email(together + "@example.jp")
        #expect(found(together + "@example.jp") == [id])
    }

    @Test(arguments: [
        ("POST", "/rest/v1/leads/delete.json", #"{"input":[{"id":1},{"id":9}]}"#), ("POST", "/rest/v1/leads/delete.json?id=1,9", ""),
        ("POST", "/rest/v1/leads.json?_method=DELETE", #"{"input":[{"id":1},{"id":9}]}"#),
        ("DELETE", "/rest/v1/leads.json", #"{"input":[{"id":1},{"id":9}]}"#),
    ])
    func `all four shapes of delete work, and an unknown id is skipped with 1004`(method: String, target: String, body: String) {
        var instance = InstanceUnderTest()
        _ = instance.sync(#"[{"email":"a@example.jp"},{"email":"b@example.jp"}]"#)
        let results = instance.json(method, target, body)["result"]?.elements ?? []
        #expect(results.statuses == ["deleted", "skipped"] && results.reasons == [nil, "1004"])
        #expect(instance.world.leads.ids == [2])
        #expect(instance.sync(#"[{"email":"a@example.jp"}]"#).ids == [3])
    }

    @Test func `a merge keeps what the winner has, takes what it lacks, and its losers vanish`() {
        var instance = InstanceUnderTest()
        _ = instance.sync(
            #"[{"email":"a@example.jp","lastName":"勝"},{"email":"b@example.jp","lastName":"負","title":"部長"},{"email":"c@example.jp","leadScore":4}]"#)
        #expect(instance.text("POST", "/rest/v1/leads/1/merge.json?leadIds=2,3") == #""success":true}"#)
        let winner = instance.world.lead(1)
        #expect(winner?.email == "a@example.jp" && winner?.lastName == "勝" && winner?.title == "部長" && winner?.leadScore == 4)
        #expect(instance.world.leads.ids == [1])
        #expect(instance.json("GET", "/rest/v1/leads.json?filterType=email&filterValues=b@example.jp")["result"] == .array([]))
        #expect(instance.json("POST", "/rest/v1/leads/1/merge.json?leadId=2")["errors"]?.elements?.first?["message"] == "Lead '2' not found")
        #expect(instance.code("POST", "/rest/v1/leads/1/merge.json", #"{"leadIds":[2]}"#) == "1003")
        #expect(instance.code("POST", "/rest/v1/leads/1/merge.json?leadIds=\((2...27).map(String.init).joined(separator: ","))") == "1080")
    }

    @Test func `a browser is associated with a lead: no result; 1004 without the lead, 1012 without a cookie of the vendor's`() {
        var instance = InstanceUnderTest()
        _ = instance.sync(#"[{"email":"a@example.jp"}]"#)
        let cookie = "cookie=id%3A561-HYG-937%26token%3A_mch-localhost-1435105067262-67189"
        #expect(instance.text("POST", "/rest/v1/leads/1/associate.json?\(cookie)") == #""success":true}"#)
        #expect(
            instance.json("POST", "/rest/v1/leads/2/associate.json?\(cookie)")["errors"]?.elements?.first?["message"] == "Lead '2' not found")
        #expect(instance.code("POST", "/rest/v1/leads/2/associate.json?\(cookie)") == "1004")
        for bad in ["", "cookie=", "cookie=nonsense"] { #expect(instance.code("POST", "/rest/v1/leads/1/associate.json?\(bad)") == "1012") }
        instance.world.switches.associateTellsResult = true
        #expect(instance.text("POST", "/rest/v1/leads/1/associate.json?\(cookie)") == #""result":[],"success":true}"#)
    }

    @Test func `by switch, an update that names a company field is skipped with 1021, a new lead may have one`() {
        var instance = InstanceUnderTest()
        instance.world.switches.companyUpdatesRefused = true
        #expect(instance.sync(#"[{"email":"a@example.jp","company":"架け橋"}]"#).statuses == ["created"])
        #expect(
            instance.sync(#"[{"email":"a@example.jp","company":"別","lastName":"x"},{"email":"a@example.jp","title":"y"}]"#).reasons == ["1021", nil])
        #expect(instance.world.lead(1)?.company == "架け橋" && instance.world.lead(1)?.lastName == nil)
    }

    @Test func `by switch, a new lead is updated a second before it is created, and its activity comes another second later`() {
        var instance = InstanceUnderTest()
        instance.world.switches.creationSecondsDiffer = true
        _ = instance.sync(#"[{"email":"a@example.jp"}]"#)
        let made = instance.world.createMadeUp(1, at: instance.uptime)
        for id in [1] + made {
            let lead = instance.world.lead(id)
            #expect(lead?.updatedAt == "2024-06-15T11:59:58Z" && lead?.createdAt == "2024-06-15T11:59:59Z")
        }
        let token = instance.pagingToken(since: "2024-06-15T11:00:00Z")
        let news = instance.json("GET", "/rest/v1/activities.json?activityTypeIds=12&nextPageToken=\(token)")["result"]?.elements
        #expect(news?.first?["activityDate"] == "2024-06-15T12:00:00Z")
    }

    @Test func `by switch, two creates of one e-mail in quick succession make two leads`() {
        var instance = InstanceUnderTest()
        instance.world.switches.createsRace = true
        #expect(instance.sync(#"[{"email":"a@example.jp"}]"#).ids == [1])
        #expect(instance.sync(#"[{"email":"a@example.jp"}]"#).ids == [2])
        instance.pass(seconds: 5)
        #expect(instance.sync(#"[{"email":"a@example.jp"}]"#).reasons == ["1007"])
    }
}
