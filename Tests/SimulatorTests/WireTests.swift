import AsyncHTTPClient
import NIOCore
import Testing

@testable import Simulator

/// What only a real socket can show.
@Suite(.timeLimit(.minutes(10))) struct WireTests {
    /// Returns as soon as the simulator has seen it; the suite's time limit ends the wait.
    private func until(_ condition: () -> Bool) async throws {
        while !condition() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    @Test func `long bodies are gzip when asked, short ones and unasked ones are not`() async throws {
        try await Wire.withServer { simulator, token in
            // The shared client asks for gzip by itself and unpacks it.
            let client = HTTPClient(eventLoopGroupProvider: .singleton)
            let page = "\(simulator.endpoint)/v1/leads.json?filterType=id&filterValues=\((1...50).map(String.init).joined(separator: ","))"
            let zipped = try await Wire.send(page, token: token, gzip: true, client: client)
            #expect(zipped.headers["content-encoding"] == "gzip" && zipped.headers["vary"] == "Accept-Encoding")
            #expect(zipped.body.getBytes(at: 0, length: 2) == [0x1F, 0x8B])
            let plain = try await Wire.send(page, token: token, client: client)
            #expect(plain.headers["content-encoding"] == nil && plain.json["result"]?.elements?.count == 50)
            #expect(plain.headers["content-type"] == "application/json;charset=UTF-8" && plain.headers["server"] == "nginx")
            let short = try await Wire.send("\(simulator.endpoint)/v1/lead/1.json", token: token, gzip: true, client: client)
            #expect(short.headers["content-encoding"] == nil && short.json["success"] == true)
            try await client.shutdown()
        }
    }

    @Test func `a URI over 8 KB is 414, a body over 1 MB is 413`() async throws {
        try await Wire.withServer { simulator, token in
            let long = "\(simulator.endpoint)/v1/leads.json?filterType=id&filterValues=\(String(repeating: "1,", count: 4_200))"
            #expect(try await Wire.send(long, token: token).status == 414)
            let big = ByteBuffer(repeating: 0x20, count: 1_048_577)
            let answer = try await Wire.send("\(simulator.endpoint)/v1/leads.json", token: token, method: "POST", body: big)
            #expect(answer.status == 413)
            let seen = simulator.evidence
            #expect(seen.callsByCode == ["0": 1, "http 414": 1, "http 413": 1] && seen.counted == 0)
            #expect(seen.callsByPath == ["GET /identity/oauth/token": 1, "GET /rest/v1/leads.json": 1, "POST /rest/v1/leads.json": 1])
        }
    }

    @Test func `identity answers in chunks under the recorded headers, and refuses with them too`() async throws {
        try await Wire.withServer { simulator, _ in
            let url = "\(simulator.baseURL)/identity/oauth/token?grant_type=client_credentials&client_id=\(simulator.clientID)&client_secret="
            for (secret, status) in [(simulator.clientSecret, 200), ("wrong", 401)] as [(String, UInt)] {
                let answer = try await Wire.send(url + secret)
                #expect(answer.status == status)
                let recorded = [
                    "content-type": "application/json;charset=UTF-8", "cache-control": "no-store", "pragma": "no-cache",
                    "x-xss-protection": "1; mode=block", "x-frame-options": "DENY", "x-content-type-options": "nosniff", "server": "nginx",
                    "transfer-encoding": "chunked",
                ]
                #expect(answer.headers.filter { recorded.keys.contains($0.key) } == recorded)
                #expect(answer.headers["content-length"] == nil)
            }
        }
    }

    @Test func `reset, cut and broken answers fail at the client, and the next call is well`() async throws {
        try await Wire.withServer { simulator, token in
            let page = "\(simulator.endpoint)/v1/leads/describe.json"
            simulator.add(FaultRule(.reset).limited(to: 1))
            await #expect(throws: (any Error).self) { try await Wire.send(page, token: token) }
            simulator.add(FaultRule(.truncated).limited(to: 1))
            await #expect(throws: (any Error).self) { try await Wire.send(page, token: token) }
            simulator.add(FaultRule(.invalidJSON).limited(to: 1))
            let broken = try await Wire.send(page, token: token)
            #expect(broken.status == 200 && broken.json == .null)
            #expect(try await Wire.send(page, token: token).json["success"] == true)
        }
    }

    @Test func `a hanging call holds its slot until the client gives up`() async throws {
        var configuration = SimulatorConfiguration(leads: 3)
        configuration.limits = Limits(atOnce: 1)
        try await Wire.withServer(configuration) { simulator, token in
            simulator.add(FaultRule(.hang).limited(to: 1))
            let url = "\(simulator.endpoint)/v1/lead/1.json"
            let hanging = Task { try await Wire.send(url, token: token) }
            try await self.until { simulator.evidence.mostAtOnce >= 1 }
            let refused = try await Wire.send(url, token: token).json["errors"]?.elements?.first?["code"]
            #expect(refused == "615")
            hanging.cancel()
            await #expect(throws: (any Error).self) { try await hanging.value }
            try await self.until { simulator.evidence.callsByCode["hang"] != nil }
            #expect(try await Wire.send(url, token: token).json["success"] == true)
        }
    }

    @Test func `the control API steers: limits, switches, clock, faults, leads, evidence`() async throws {
        try await Wire.withServer { simulator, _ in
            let control = simulator.baseURL + "/simulator"
            func ask(_ method: String, _ path: String, _ body: String? = nil) async throws -> JSONValue {
                try await Wire.send(control + path, method: method, body: body.map { ByteBuffer(string: $0) }).json
            }
            #expect(try await ask("PATCH", "/limits", #"{"callsPerWindow":null,"atOnce":3}"#)["atOnce"] == 3)
            #expect(simulator.limits.callsPerWindow == nil)
            #expect(try await ask("PATCH", "/limits", #"{"nonsense":1}"#)["error"]?.text?.hasPrefix("no nonsense here") ?? false)
            #expect(try await ask("PATCH", "/switches", #"{"unsetFieldsMissing":true}"#)["unsetFieldsMissing"] == true)
            _ = try await ask("PATCH", "/clock", #"{"now":"2030-01-01T00:00:00Z","speed":0}"#)
            #expect(simulator.now == CivilTime.seconds(parsing: "2030-01-01"))
            #expect(
                try await ask("POST", "/faults", #"[{"kind":"http","status":502,"rate":0.5},{"kind":"hang","nth":9}]"#)["ids"]?.elements?.count == 2)
            #expect(try await ask("DELETE", "/faults")["ok"] == true)
            let made = try await ask("POST", "/leads/create", #"{"leads":[{"email":"不正","lastName":"試"}]}"#)["ids"]?.elements?.first?.integer
            #expect(simulator.lead(try #require(made))?.email == "不正")
            _ = try await ask("POST", "/leads/score", #"{"ids":[1,2],"by":1000}"#)
            #expect(simulator.lead(1)?.leadScore ?? 0 >= 1_000)
            _ = try await ask("POST", "/leads/merge", #"{"winner":1,"losers":[2]}"#)
            _ = try await ask("POST", "/leads/delete", #"{"ids":[3]}"#)
            let dump = try await Wire.send(control + "/leads?fields=email,leadScore")
            #expect(String(buffer: dump.body).split(separator: "\n").count == simulator.leadCount)
            #expect(try await ask("GET", "/evidence")["counted"] == 0)
            let change = #"{"type":13,"leadId":1,"late":true,"date":"2030-01-01","fields":[{"name":"leadScore","oldValue":"1","newValue":"2"}]}"#
            #expect(try await ask("POST", "/activities", change)["ok"] == true)
            // The first one ran out when the clock jumped.
            let token = try await Wire.token(of: simulator)
            let since = try await Wire.send("\(simulator.endpoint)/v1/activities/pagingtoken.json?sinceDatetime=2029-12-31", token: token)
            let found = try await Wire.send(
                "\(simulator.endpoint)/v1/activities/leadchanges.json?fields=leadScore&leadIds=1&nextPageToken=\(since.json["nextPageToken"]?.text ?? "")",
                token: token)
            #expect(found.result.contains { $0["fields"]?.elements?.first?["newValue"] == "2" })
            #expect(try await ask("GET", "/nothing")["error"] != nil)
            for (method, path, body) in [
                ("PATCH", "/clock", #"{"advance":"nan"}"#), ("POST", "/activities", #"{"type":99999999999,"leadId":1}"#),
                ("POST", "/usage", #"{"calls":9223372036854775807}"#), ("POST", "/leads/create", #"{"count":9223372036854775807}"#),
                ("POST", "/faults", #"{"kind":"http","status":7}"#), ("DELETE", "/faults/all", "{}"),
            ] {
                #expect(try await ask(method, path, body)["error"] != nil)
            }
            #expect(try await ask("PATCH", "/clock", #"{"advance":1e300}"#)["now"] == "9999-12-31T23:59:59Z")
        }
    }
}
