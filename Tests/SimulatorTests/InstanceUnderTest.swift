import NIOCore

@testable import Simulator

/// An instance without a server: calls go straight in, and time stands still until a test moves it.
struct InstanceUnderTest {
    var world: World
    /// Nanoseconds.
    var uptime: Int64 = 1_000_000_000
    var token: String?

    /// 2024-06-15T12:00:00Z: summer time in Chicago.
    static let noon: Int64 = 1_718_452_800

    init(_ configuration: SimulatorConfiguration = SimulatorConfiguration(), at seconds: Int64 = Self.noon) {
        self.world = World(configuration, uptime: self.uptime, milliseconds: seconds * 1_000)
        self.token = self.newToken()
    }

    /// Lets real and simulated time pass.
    mutating func pass(seconds: Double) { self.uptime += Int64(seconds * 1_000_000_000) }

    /// Asks the identity endpoint.
    mutating func newToken(client: APIClient = .standard) -> String? {
        self.json("GET", "/identity/oauth/token?grant_type=client_credentials&client_id=\(client.id)&client_secret=\(client.secret)")["access_token"]?
            .text
    }

    /// One whole call.
    mutating func answer(_ method: String, _ target: String, _ body: String = "", type: String = "application/json") -> Answer {
        let (request, permit) = self.begin(method, target, body, type: type)
        return self.finish(request, permit)
    }

    /// One whole call; what came back, as JSON.
    mutating func json(_ method: String, _ target: String, _ body: String = "", type: String = "application/json") -> JSONValue {
        JSONValue(parsing: self.answer(method, target, body, type: type).body.readableBytesView) ?? .null
    }

    /// One whole call; what came back, as text without the request id.
    mutating func text(_ method: String, _ target: String, _ body: String = "", type: String = "application/json") -> String {
        let text = String(buffer: self.answer(method, target, body, type: type).body)
        guard let comma = text.firstIndex(of: ",") else { return text }
        return String(text[text.index(after: comma)...])
    }

    /// The call arrives and holds its slot.
    mutating func begin(_ method: String, _ target: String, _ body: String = "", type: String = "application/json") -> (VendorRequest, Permit) {
        let request = VendorRequest(
            method: method, target: target, contentType: type, authorization: self.token.map { "Bearer \($0)" }, body: ByteBuffer(string: body))
        return (request, self.world.admit(request, at: self.uptime))
    }

    /// The call is done and answered.
    mutating func finish(_ request: VendorRequest, _ permit: Permit) -> Answer {
        let answer = self.world.perform(request, permit, at: self.uptime)
        self.world.settle(request, permit, answer, at: self.uptime)
        return answer
    }

    /// The code of the first response-level error; `nil` on success.
    mutating func code(_ method: String = "GET", _ target: String = "/rest/v1/lead/1.json", _ body: String = "") -> String? {
        self.json(method, target, body)["errors"]?.elements?.first?["code"]?.text
    }

    /// Sync Leads; the records' results.
    mutating func sync(_ input: String, action: String = "createOrUpdate", lookup: String = "email") -> [JSONValue] {
        self.json("POST", "/rest/v1/leads.json", #"{"action":"\#(action)","lookupField":"\#(lookup)","input":\#(input)}"#)["result"]?.elements ?? []
    }

    /// A token for activities since a moment.
    mutating func pagingToken(since: String) -> String {
        self.json("GET", "/rest/v1/activities/pagingtoken.json?sinceDatetime=\(since)")["nextPageToken"]?.text ?? ""
    }
}

extension [JSONValue] {
    /// Codes of the first reason of each record, `nil` for a record that was done.
    var reasons: [String?] { self.map { $0["reasons"]?.elements?.first?["code"]?.text } }
    var statuses: [String] { self.map { $0["status"]?.text ?? "" } }
    var ids: [Int64?] { self.map { $0["id"]?.integer } }
}
