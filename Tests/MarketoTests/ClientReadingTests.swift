import Foundation
import NIOHTTP1
import Sync
import TestKit
import Testing

@testable import Marketo

@Suite struct ClientReadingTests {
    private static func id(_ number: Int64) -> LeadID { LeadID(rawValue: number) }

    @Test func `a lead is read in every way Marketo writes it`() async throws {
        let body = """
            {"requestId":"262e#17d4f046342","result":[
            {"id":1,"email":"a@b.jp","firstName":"太郎","lastName":"山田","company":"\\u682a","phone":null,"leadScore":14,"mktoAcquisitionDate":"2021-11-23T22:57:08Z","unasked":{"x":[1]}},
            {"id":"2","leadScore":14.0,"createdAt":"2014-11-13 12:43:04"},
            {"id":3.0,"leadScore":"-14.0","phone":8012345678,"mktoAcquisitionDate":"2015-05-07T11:47:30-08:00"},
            {"id":4,"leadScore":"many"},
            {"email":"nobody@b.jp"},
            {"id":5,"leadScore":null,"mazrica_phase":"商談"}
            ],"success":true}
            """
        try await Setup.client({ _ in .json(body) }) { client, server in
            let page = try await client.leads(ids: [Self.id(1)], fields: LeadFields(others: ["mazrica_phase"]))
            #expect(page.leads.map(\.id.rawValue) == [1, 2, 3, 5])
            #expect(page.leads[0].lastName == "山田" && page.leads[0].company == "株" && page.leads[0].phone == nil)
            #expect(page.leads.map(\.leadScore) == [14, 14, -14, nil])
            #expect(page.leads[0].acquisitionDate == Date(timeIntervalSince1970: 1_637_708_228))
            #expect(page.leads[1].createdAt == Date(timeIntervalSince1970: 1_415_882_584))
            #expect(page.leads[2].phone == "8012345678")
            #expect(page.unreadable == [UnreadableRecord(leadID: Self.id(4), member: "leadScore"), UnreadableRecord(leadID: nil, member: "id")])
            #expect(page.others == [Self.id(5): ["mazrica_phase": .text("商談")]])
            let uri = try #require(server.seen.last?.uri)
            #expect(uri.contains("filterType=id&filterValues=1&fields=id%2Cemail%2C") && uri.contains("mktoAcquisitionDate%2Cmazrica_phase"))
        }
    }

    @Test func `leads that come on several pages are read to the end, each page under a permit of its own`() async throws {
        let admission = CountingAdmission()
        let script: @Sendable (ScriptedServer.Request) -> ScriptedServer.Reply = { request in
            if request.uri.hasSuffix("nextPageToken=B%3D") {
                return .json(#"{"success":true,"result":[{"id":2}],"moreResult":true,"nextPageToken":"C"}"#)
            }
            if request.uri.hasSuffix("nextPageToken=C") {
                return .json(#"{"success":true,"result":[{"id":3},7],"moreResult":false,"nextPageToken":"D"}"#)
            }
            return .json(#"{"success":true,"result":[{"id":1,"x":"y"}],"nextPageToken":"B="}"#)
        }
        try await Setup.client(admission: admission, script) { client, _ in
            let page = try await client.leads(ids: [Self.id(1)], fields: LeadFields(others: ["x"]))
            #expect(page.leads.map(\.id.rawValue) == [1, 2, 3])
            #expect(page.others == [Self.id(1): ["x": .text("y")]])
            #expect(page.unreadable == [UnreadableRecord(leadID: nil, member: "id")])
        }
        #expect(admission.reports.count == 3)
    }

    @Test(arguments: [#","nextPageToken":"A""#, #","moreResult":true"#]) func `leads whose pages have no end were not fetched`(more: String)
        async throws
    {
        let admission = CountingAdmission()
        try await Setup.client(admission: admission, { _ in .json(#"{"success":true,"result":[{"id":1}]\#(more)}"#) }) { client, _ in
            #expect((await thrown { try await client.leads(ids: [Self.id(1)]) } as? MarketoError)?.code == .malformedAnswer)
        }
        #expect(admission.reports.count <= 2)
    }

    @Test func `one value that can't be held costs its own record, never the page`() async throws {
        let parts: [[UInt8]] = [
            Array(#"{"success":true,"result":[{"id":1,"lastName":""#.utf8), [0xFF],
            Array(#""},{"id":2,"leadScore":1e400},{"id":3,"leadScore":3000000000},"#.utf8),
            Array(#"{"id":1e400},{"id":9007199254740993},{"id":-4},null,"x",[1],{"id":5,"unasked":[1e400,""#.utf8), [0xC0],
            Array(#""]},{"id":6,"a\nb":1,""#.utf8),
            [0xFE], Array(#"":2}]}"#.utf8),
        ]
        let body = parts.flatMap { $0 }
        try await Setup.client({ _ in .bytes(body) }) { client, _ in
            let page = try await client.leads(ids: [Self.id(1)])
            #expect(page.leads.map(\.id.rawValue) == [5, 6])
            #expect(
                page.unreadable == [
                    UnreadableRecord(leadID: Self.id(1), member: "lastName"), UnreadableRecord(leadID: Self.id(2), member: "leadScore"),
                    UnreadableRecord(leadID: Self.id(3), member: "leadScore"),
                ] + Array(repeating: UnreadableRecord(leadID: nil, member: "id"), count: 6))
        }
    }

    @Test func `the same in activities and in the outcomes of a write`() async throws {
        let activity =
            #"{"marketoGUID":"g","leadId":7,"activityDate":"2023-01-26T18:46:00Z","activityTypeId":13,"attributes":[{"name":"n","value":1e400}]}"#
        try await Setup.client({ _ in
            .json(#"{"success":true,"result":[1,null,{"leadId":1e400},{"leadId":9007199254740993},\#(activity)],"nextPageToken":"N"}"#)
        }) {
            client, _ in
            let page = try await client.activities(token: "T", types: [12])
            #expect(page.activities.map(\.leadID) == [Self.id(7)] && page.unreadable.count == 4)
        }
        try await Setup.client({ _ in .json(#"{"success":true,"result":[null,{"id":2,"status":"updated"}]}"#) }) { client, _ in
            let outcomes = try await client.syncLeads([1, 2].map { LeadInput(.id(Self.id($0)), values: [:]) })
            #expect(outcomes.map(\.isDone) == [false, true] && outcomes[0].faults.map(\.code) == [.untold])
        }
    }

    @Test(arguments: [
        ("[864.0,865.0]", [864, 865]), ("864.0", [864]), ("864", [864]), (#""864,865""#, [864, 865]), (#"["864","865"]"#, [864, 865]),
        (#""[864.0, 865.5, 0, -3, 7, 9007199254740993]""#, [864]), ("1e400", []), ("true", []),
    ])
    func `the losers of a merge are read element by element, and never the winner`(value: String, losers: [Int64]) async throws {
        let body =
            #"{"success":true,"result":[{"leadId":7,"activityDate":"2023-01-26T18:46:00Z","activityTypeId":32,"attributes":[{"name":"Merge IDs","value":\#(value)}]}]}"#
        try await Setup.client({ _ in .json(body) }) { client, _ in
            let page = try await client.activities(token: "T", types: [32])
            #expect(page.activities.map { $0.mergedLeads.map(\.rawValue) } == [losers])
        }
    }

    @Test func `hostile numbers of calls add up to the most there can be, and stop nobody`() async throws {
        let most = "9223372036854775807"
        let users =
            #""users":[{"userId":"api@example.com","count":\#(most)},{"userId":"API@example.com","count":\#(most)},{"userId":"x","count":-5}]"#
        for total in [#""total":\#(most),"#, ""] {
            try await Setup.client({ _ in .json(#"{"success":true,"result":[{"date":"d",\#(total)\#(users)}]}"#) }) { client, _ in
                let usage = try await client.usage()
                #expect(usage == Usage(date: "d", total: 2_147_483_647, byUs: 2_147_483_647))
            }
        }
    }

    @Test func `300 ids go as GET, 300 e-mails as POST with a form body`() async throws {
        try await Setup.client({ _ in .json(#"{"success":true,"result":[]}"#) }) { client, server in
            _ = try await client.leads(ids: (0..<300).map { Self.id(10_000_000 + $0) })
            let emails = (0..<300).map { "person.number.\($0)+tag@department.example.co.jp" }
            _ = try await client.leads(emails: emails)
            let (get, post) = (server.seen[1], server.seen[2])
            #expect(get.method == "GET" && get.uri.utf8.count < 7_500)
            #expect(post.method == "POST" && post.uri == "/rest/v1/leads.json?_method=GET")
            #expect(post.headers.first(name: "Content-Type") == "application/x-www-form-urlencoded")
            #expect(post.bodyText.contains("filterType=email&filterValues=person.number.0%2Btag%40department.example.co.jp%2C"))
            #expect(post.bodyText.contains("&batchSize=300"))
        }
    }

    @Test func `matrix 3.5, a paging token too long for an address goes as POST with _method=GET`() async throws {
        try await Setup.client({ _ in .json(#"{"success":true,"moreResult":false,"nextPageToken":"n"}"#) }) { client, server in
            let token = String(repeating: "TOKEN+/=", count: 1_200)
            _ = try await client.activities(token: token, types: [12, 22])
            _ = try await client.leadChanges(token: token, fields: ["email"])
            _ = try await client.deletedLeads(token: token)
            for (request, path) in zip(server.seen.dropFirst(), ["activities", "activities/leadchanges", "activities/deletedleads"]) {
                #expect(request.method == "POST" && request.uri == "/rest/v1/\(path).json?_method=GET")
                #expect(request.bodyText.hasPrefix("nextPageToken=TOKEN%2B%2F%3DTOKEN"))
            }
            #expect(server.seen.count == 4)
        }
    }

    private static let ids = (1...301).map { Self.id(Int64($0)) }
    private static let oversized: [@Sendable (MarketoClient) async throws -> Void] = [
        { _ = try await $0.leads(ids: Self.ids) },
        { _ = try await $0.leads(ids: []) },
        { _ = try await $0.leads(emails: Self.ids.map { "a\($0.rawValue)@b.jp" }) },
        { _ = try await $0.leads(emails: ["a,b@c.jp"]) },
        { _ = try await $0.activities(token: "t", types: Array(1...11)) },
        { _ = try await $0.activities(token: "t", types: [1], leadIDs: Array(Self.ids.prefix(31))) },
        { _ = try await $0.syncLeads(Self.ids.map { LeadInput(.id($0), values: [:]) }) },
        { _ = try await $0.syncLeads([LeadInput(.id(Self.id(1)), values: [:])], action: .createOnly) },
    ]

    @Test(arguments: oversized.indices) func `more than a call may carry is refused here and costs nothing`(index: Int) async throws {
        let admission = CountingAdmission()
        let call = Self.oversized[index]
        try await Setup.client(admission: admission, { _ in .json(#"{"success":true}"#) }) { client, _ in
            let error = await thrown { try await call(client) } as? MarketoError
            #expect(error?.code == .refusedHere && error?.effect == .notSent)
        }
        #expect(admission.admitted.isEmpty)
    }

    @Test func `a body over 1 MB is refused here and costs nothing`() async throws {
        let admission = CountingAdmission()
        let long = LeadInput(.id(Self.id(1)), values: ["a": .text(String(repeating: "x", count: 1_000_000))])
        try await Setup.client(admission: admission, { _ in .json(#"{"success":true}"#) }) { client, _ in
            let error = await thrown { try await client.syncLeads([long]) } as? MarketoError
            #expect(error?.code == .requestTooLarge)
        }
        #expect(admission.admitted.isEmpty)
    }

    @Test func `a gzip answer is unpacked`() async throws {
        let json = Array(#"{"success":true,"result":[{"id":1}]}"#.utf8)
        try await Setup.client({ _ in .bytes(GZip.stored(json), headers: [("Content-Encoding", "gzip")]) }) { client, server in
            let page = try await client.leads(ids: [Self.id(1)])
            #expect(page.leads.count == 1)
            #expect(server.seen.last?.headers.first(name: "Accept-Encoding") == "gzip")
        }
    }

    @Test func `a small gzip answer that unpacks to 40 MB is refused`() async throws {
        let bomb = GZip.bomb(repeats: 160_000)
        #expect(bomb.count < 300_000)
        try await Setup.client({ _ in .bytes(bomb, headers: [("Content-Encoding", "gzip")]) }) { client, _ in
            #expect((await thrown { try await client.leads(ids: [Self.id(1)]) } as? MarketoError)?.code == .answerTooLarge)
        }
    }

    @Test func `an answer that unpacks to nothing readable was not fetched`() async throws {
        try await Setup.client({ _ in .bytes(Array("no gzip at all".utf8), headers: [("Content-Encoding", "gzip")]) }) { client, _ in
            #expect((await thrown { try await client.leads(ids: [Self.id(1)]) } as? MarketoError)?.isTransient == true)
        }
    }

    @Test func `activities are read with and without id, typed values, changes and merges`() async throws {
        let body = """
            {"requestId":"1#1","result":[
            {"id":2198,"marketoGUID":"2198","leadId":5,"activityDate":"2023-01-26T18:46:00Z","activityTypeId":22,"campaignId":9,"primaryAttributeValueId":146,"primaryAttributeValue":"Lead Score","attributes":[{"name":"Change Value","value":"+10"},{"name":"New Value","value":10}]},
            {"marketoGUID":"g2","leadId":"6","activityDate":"2023-01-26T18:46:00Z","activityTypeId":13,"fields":[{"id":1,"name":"email","newValue":"x","oldValue":null}],"attributes":[]},
            {"marketoGUID":"g3","leadId":7,"activityDate":"2023-01-26T18:46:00Z","activityTypeId":32,"attributes":[{"name":"Merge IDs","value":"[8, 9]"}]},
            {"marketoGUID":"g4","leadId":7,"activityDate":"2023-01-26T18:46:00Z","activityTypeId":32,"attributes":[{"name":"Merge IDs","value":[10,11]}]},
            {"marketoGUID":"g5","leadId":7,"activityDate":"2023-01-26T18:46:00Z","activityTypeId":32,"attributes":[{"name":"Merge IDs","value":"12,13"}]},
            {"marketoGUID":"g5b","leadId":7,"activityDate":"soon","activityTypeId":32,"attributes":[{"name":"Merge IDs","value":"14"}]},
            {"marketoGUID":"g6","leadId":7,"activityDate":"2023-01-26T18:46:00Z","activityTypeId":104,"attributes":[{"name":"Acquired By","value":true}]},
            {"marketoGUID":"g7","leadId":8,"activityDate":"soon","activityTypeId":12},
            {"marketoGUID":"g8"}
            ],"success":true,"nextPageToken":"N=","moreResult":true}
            """
        try await Setup.client({ _ in .json(body) }) { client, server in
            let page = try await client.activities(token: "T==", types: [12, 22], leadIDs: [Self.id(5)])
            #expect(page.activities.count == 7 && page.moreResult && page.nextPageToken == "N=")
            #expect(page.activities[0].id == 2198 && page.activities[1].id == nil)
            #expect(page.activities[0]["New Value"] == .integer(10) && page.activities[0]["Change Value"] == .text("+10"))
            #expect(page.activities[1].changes == [Activity.Change(field: "email", oldValue: .null, newValue: .text("x"))])
            #expect(page.activities[2...5].map { $0.mergedLeads.map(\.rawValue) } == [[8, 9], [10, 11], [12, 13], [14]])
            #expect(page.activities[6].isAcquisition && !page.activities[0].isAcquisition)
            #expect(
                page.unreadable == [
                    UnreadableRecord(leadID: Self.id(8), member: "activityDate", marketoGUID: "g7"),
                    UnreadableRecord(leadID: nil, member: "leadId", marketoGUID: "g8"),
                ])
            #expect(
                server.seen.last?.uri == "/rest/v1/activities.json?nextPageToken=T%3D%3D&activityTypeIds=12%2C22&leadIds=5&batchSize=300")
        }
    }

    @Test func `an empty page without result goes on`() async throws {
        try await Setup.client({ _ in .json(#"{"requestId":"1#1","success":true,"nextPageToken":"N","moreResult":true}"#) }) { client, server in
            for page in [try await client.leadChanges(token: "T", fields: ["email", "leadScore"]), try await client.deletedLeads(token: "T")] {
                #expect(page.activities.isEmpty && page.moreResult && page.nextPageToken == "N")
            }
            #expect(server.seen.last?.uri == "/rest/v1/activities/deletedleads.json?nextPageToken=T&batchSize=300")
        }
    }

    @Test func `a paging token is asked for to the second, in UTC`() async throws {
        try await Setup.client({ _ in .json(#"{"requestId":"1#1","success":true,"nextPageToken":"GIYDAOBN="}"#) }) { client, server in
            let token = try await client.pagingToken(since: Date(timeIntervalSince1970: 1_637_708_228.9))
            #expect(token == "GIYDAOBN=")
            #expect(server.seen.last?.uri == "/rest/v1/activities/pagingtoken.json?sinceDatetime=2021-11-23T22%3A57%3A08Z")
        }
    }

    @Test func `usage tells ours from the others' by the token's user`() async throws {
        let body =
            #"{"success":true,"result":[{"date":"2026-11-23","total":1120,"users":[{"userId":"API@example.com","count":200},{"userId":"b@c","count":920}]}]}"#
        try await Setup.client({ _ in .json(body) }) { client, _ in
            let usage = try await client.usage()
            #expect(usage == Usage(date: "2026-11-23", total: 1120, byUs: 200))
        }
    }

    @Test func `the types of activity are read`() async throws {
        let body =
            #"{"success":true,"result":[{"id":12,"name":"New Lead","attributes":[{"name":"Lead Source","dataType":"string"}]},{"id":1,"name":"Visit Webpage","primaryAttribute":{"name":"Webpage ID","dataType":"integer"}}]}"#
        try await Setup.client({ _ in .json(body) }) { client, _ in
            let types = try await client.activityTypes()
            #expect(types.map(\.id) == [12, 1] && types[0].attributes == ["Lead Source"] && types[1].primaryAttribute == "Webpage ID")
        }
    }

    @Test func `a write carries null, and its results stand in the order sent`() async throws {
        let body =
            #"{"success":true,"result":[{"id":50,"status":"updated"},{"status":"skipped","reasons":[{"code":"1004","message":"Lead not found"}]},{"status":"skipped"}]}"#
        try await Setup.client({ _ in .json(body) }) { client, server in
            let records = [
                LeadInput(.id(Self.id(50)), values: ["mazrica_phase": .null, "leadStatus": .text("電話\"\n")]),
                LeadInput(.id(Self.id(51)), values: ["leadScore": .integer(-3)]), LeadInput(.id(Self.id(52)), values: [:]),
            ]
            let outcomes = try await client.syncLeads(records)
            #expect(outcomes[0] == RecordOutcome(status: .updated, leadID: Self.id(50)) && outcomes[0].isDone)
            #expect(outcomes[1].faults.map(\.code) == [.notFound] && outcomes[1].faults.first?.detail == "Lead not found")
            #expect(outcomes[2].faults.map(\.code) == [.untold] && !outcomes[2].isDone)
            #expect(
                server.seen.last?.bodyText
                    == #"{"action":"updateOnly","lookupField":"id","input":[{"id":50,"leadStatus":"電話\"\u000a","mazrica_phase":null},{"id":51,"leadScore":-3},{"id":52}]}"#
            )
        }
    }

    @Test func `fewer results than records leave the outcome unknown`() async throws {
        try await Setup.client({ _ in .json(#"{"success":true,"result":[]}"#) }) { client, _ in
            let error = await thrown { try await client.syncLeads([LeadInput(.email("a@b.jp"), values: [:])], action: .createOnly) } as? MarketoError
            #expect(error?.isOutcomeUnknown == true && error?.code == .malformedAnswer)
        }
    }

    @Test func `the Date header gives the clocks' difference`() async throws {
        let admission = CountingAdmission()
        try await Setup.client(
            admission: admission,
            { _ in .bytes(Array(#"{"success":true}"#.utf8), headers: [("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]) }
        ) { client, _ in _ = try await client.describe() }
        #expect(try #require(admission.reports.first?.clockSkew) < .seconds(-86_400 * 365 * 20))
        #expect(admission.reports.first?.pathTemplate == "/rest/v1/leads/describe.json")
    }
}
