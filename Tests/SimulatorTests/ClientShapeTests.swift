import NIOCore
import Testing

@testable import Simulator

/// The requests of clients that others wrote, in the shapes in which those send them.
@Suite(.timeLimit(.minutes(10))) struct ClientShapeTests {
    /// A server with leads 1 to 10 and list 5 of 1, 2 and 3, and a way to call it.
    private func withClient(_ body: (Simulator, Caller) async throws -> Void) async throws {
        try await Wire.withServer(SimulatorConfiguration(leads: 10, limits: .off)) { simulator, token in
            simulator.putList(5, name: "Fair", members: [1, 2, 3])
            try await body(simulator, Caller(base: simulator.baseURL, token: token))
        }
    }

    private struct Caller {
        let base: String
        let token: String

        func callAsFunction(_ method: String, _ target: String, _ body: String? = nil, type: String = "application/json; charset=utf-8")
            async throws -> Wire.Reply
        {
            try await Wire.send(
                self.base + target, token: self.token, method: method, body: body.map { ByteBuffer(string: $0) }, type: type)
        }
    }

    @Test func `reads as a form: _method in the body beside the filter (marketorestpython, grouparoo), or in the URL (node-marketo)`() async throws {
        try await self.withClient { _, call in
            let python = try await call(
                "POST", "/rest/v1/leads.json", "_method=GET&filterValues=3%2C4&filterType=id&fields=email&fields=leadScore", type: Wire.form)
            #expect(python.result.ids == [3, 4])
            #expect(python.result.first?.members?.map(\.name) == ["id", "email", "leadScore"])
            let grouparoo = try await call("POST", "/rest/v1/list/5/leads.json", "listId=5&_method=GET", type: Wire.form)
            #expect(grouparoo.result.ids == [1, 2, 3])
            let node = try await call(
                "POST", "/rest/v1/leads.json?_method=GET&filterType=id&filterValues=7", "fields=email&batchSize=1", type: Wire.form)
            #expect(node.result.ids == [7])
        }
    }

    @Test func `a list is read in pages as a form, the token in the URL (marketorestpython)`() async throws {
        try await self.withClient { _, call in
            let first = try await call("POST", "/rest/v1/list/5/leads.json?_method=GET", "fields=email&batchSize=2", type: Wire.form)
            #expect(first.result.ids == [1, 2])
            let token = try #require(first.json["nextPageToken"]?.text).replacing("=", with: "%3D")
            let last = try await call(
                "POST", "/rest/v1/list/5/leads.json?_method=GET&nextPageToken=\(token)", "fields=email&batchSize=2", type: Wire.form)
            #expect(last.result.ids == [3] && last.json["nextPageToken"] == nil)
        }
    }

    @Test func `list members: GET by _method with JSON, added by POST, removed by DELETE with JSON (marketorestpython)`() async throws {
        try await self.withClient { _, call in
            let input = #"{"input":[{"id":1},{"id":9}]}"#
            #expect(try await call("POST", "/rest/v1/lists/5/leads/ismember.json?_method=GET", input).result.statuses == ["memberof", "notmemberof"])
            #expect(try await call("POST", "/rest/v1/lists/5/leads.json", input).result.statuses == ["added", "added"])
            let removed = try await call("DELETE", "/rest/v1/lists/5/leads.json", #"{"input":[{"id":1},{"id":10}]}"#)
            #expect(removed.result.statuses == ["removed", "skipped"] && removed.result.reasons == [nil, "1015"] && removed.result.ids == [1, 10])
        }
    }

    @Test func `leads are deleted by DELETE with JSON (marketorestpython) and by POST with _method in the URL (grouparoo)`() async throws {
        try await self.withClient { simulator, call in
            let python = try await call("DELETE", "/rest/v1/leads.json", #"{"input":[{"id":8}]}"#)
            let grouparoo = try await call("POST", "/rest/v1/leads.json?_method=DELETE", #"{"input":[{"id":9}]}"#)
            #expect(python.result.statuses == ["deleted"] && grouparoo.result.statuses == ["deleted"])
            #expect(simulator.leadCount == 8)
        }
    }

    @Test func `lists are found by id and name (marketorestpython), and paged without moreResult (tap-marketo)`() async throws {
        try await self.withClient { simulator, call in
            for id in 6...8 { simulator.putList(Int64(id), name: "L\(id)", members: []) }
            #expect(try await call("GET", "/rest/v1/lists.json?id=5&id=7").result.ids == [5, 7])
            #expect(try await call("GET", "/rest/v1/lists.json?name=L6%2CFair").result.ids == [5, 6])
            let page = try await call("GET", "/rest/v1/lists.json?batchSize=3")
            #expect(page.result.ids == [5, 6, 7] && page.json["moreResult"] == nil && page.json["nextPageToken"] != nil)
        }
    }

    @Test func `push, merge and associate carry their parameters where those clients put them (marketorestpython)`() async throws {
        try await self.withClient { simulator, call in
            let pushed = try await call(
                "POST", "/rest/v1/leads/push.json",
                #"{"input":[{"email":"push@example.jp"}],"programName":"Fair","lookupField":"email","source":"s","reason":"r"}"#)
            #expect(pushed.result.statuses == ["created"])
            let cookie = "id%3A561-HYG-937%26token%3A_mch-localhost-1435105067262-67189"
            #expect(
                try await call("POST", "/rest/v1/leads/1/associate.json?id=1&cookie=\(cookie)").json.members?.map(\.name) == ["requestId", "success"])
            #expect(try await call("GET", "/rest/v1/leads.json?filterType=cookies&filterValues=\(cookie)").result.ids == [1])
            #expect(try await call("POST", "/rest/v1/leads/2/merge.json?leadIds=3,4&mergeInCRM=False").json["success"] == true)
            #expect(simulator.lead(3) == nil)
        }
    }

    @Test func `describe2 and the last seven days are there (marketorestpython)`() async throws {
        try await self.withClient { _, call in
            let lead = try await call("GET", "/rest/v1/leads/describe2.json").result.first
            #expect(lead?["name"] == "API Lead" && lead?["searchableFields"]?.elements?.contains(.array(["email"])) ?? false)
            for kind in ["usage", "errors"] { #expect(try await call("GET", "/rest/v1/stats/\(kind)/last7days.json").result.count == 7) }
        }
    }

    @Test func `activities of some leads come in pages until moreResult is false, empty parameters and all (marketorestpython, embulk)`() async throws
    {
        try await self.withClient { _, call in
            var token = try #require(
                try await call("GET", "/rest/v1/activities/pagingtoken.json?sinceDatetime=2000-01-01T00%3A00%3A00Z").json["nextPageToken"]?.text)
            var (seen, pages, more): ([Int64?], Int, Bool) = ([], 0, true)
            while more {
                let page = try await call(
                    "GET",
                    "/rest/v1/activities.json?activityTypeIds=12%2C13&leadIds=2&leadIds=4&leadIds=6&listId=&assetIds=&batchSize=2&nextPageToken=\(token.replacing("=", with: "%3D"))"
                )
                seen += page.result.map { $0["leadId"]?.integer }
                token = try #require(page.json["nextPageToken"]?.text)
                more = page.json["moreResult"] == true
                pages += 1
            }
            #expect(seen == [2, 4, 6] && pages == 2)
        }
    }

    @Test func `Identity by a form with a partner (embulk, Airbyte)`() async throws {
        try await self.withClient { simulator, call in
            let body = "grant_type=client_credentials&client_id=\(simulator.clientID)&client_secret=\(simulator.clientSecret)&partner_id=p"
            let answer = try await Wire.send(
                simulator.baseURL + "/identity/oauth/token", method: "POST", body: ByteBuffer(string: body), type: "application/x-www-form-urlencoded"
            )
            #expect(answer.json["access_token"]?.text == call.token)
        }
    }
}
