import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import Simulator

/// Another integration of the same subscription: its calls take from the window and the quota that all share.
struct ForeignUser: Sendable {
    /// Known to the simulator beside ours.
    static let client = APIClient(id: "foreign-client", secret: "foreign-secret", user: "foreign@example.com", permissions: [.readSchema])

    let base: String

    /// Makes calls, three at a time; what comes of them is nobody's business.
    func call(_ count: Int) async {
        struct Grant: Decodable { let access_token: String }
        let query = "grant_type=client_credentials&client_id=\(Self.client.id)&client_secret=\(Self.client.secret)"
        guard let grant = try? await self.get("/identity/oauth/token?\(query)", token: nil),
            let token = try? JSONDecoder().decode(Grant.self, from: Data(buffer: grant)).access_token
        else { return }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask { for _ in 0..<(count / 3) { _ = try? await self.get("/rest/v1/leads/describe.json", token: token) } }
            }
        }
    }

    private func get(_ path: String, token: String?) async throws -> ByteBuffer {
        var request = HTTPClientRequest(url: self.base + path)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(5))
        return try await response.body.collect(upTo: 1 << 20)
    }
}
