import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

@testable import Simulator

/// A simulator behind a real socket, and plain HTTP to it.
enum Wire {
    /// What came back.
    struct Reply {
        let status: UInt
        /// Names in lower case.
        let headers: [String: String]
        let body: ByteBuffer
        let json: JSONValue

        var result: [JSONValue] { self.json["result"]?.elements ?? [] }
        var code: JSONValue? { self.json["errors"]?.elements?.first?["code"] }
    }

    static let form = "application/x-www-form-urlencoded; charset=utf-8"

    /// A simulator, and a token for it.
    static func withServer(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(leads: 300), _ body: (Simulator, String) async throws -> Void
    ) async throws {
        let simulator = try await Simulator.start(configuration)
        do {
            try await body(simulator, try await self.token(of: simulator))
        } catch {
            await simulator.stop()
            throw error
        }
        await simulator.stop()
    }

    /// The first client's token.
    static func token(of simulator: Simulator) async throws -> String {
        let query = "grant_type=client_credentials&client_id=\(simulator.clientID)&client_secret=\(simulator.clientSecret)"
        let answer = try await self.send("\(simulator.baseURL)/identity/oauth/token?\(query)")
        return try #require(answer.json["access_token"]?.text)
    }

    /// One call; `type` is sent when there is a body.
    static func send(
        _ url: String, token: String? = nil, method: String = "GET", body: ByteBuffer? = nil, type: String = "application/json", gzip: Bool = false,
        range: String? = nil, client: HTTPClient = .shared
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if gzip { request.headers.add(name: "Accept-Encoding", value: "gzip") }
        if let range { request.headers.add(name: "Range", value: range) }
        if let body {
            request.headers.add(name: "Content-Type", value: type)
            request.body = .bytes(body)
        }
        let response = try await client.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 8_000_000)
        let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
        return Reply(status: response.status.code, headers: headers, body: bytes, json: JSONValue(parsing: bytes.readableBytesView) ?? .null)
    }
}
