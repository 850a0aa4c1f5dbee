import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import Runtime

/// The simulator's control API: its own list of leads, and changes as marketing people would make them.
package struct SimulatorControl: Sendable {
    /// Where it answers, `http://127.0.0.1:port`.
    package let base: String

    /// A simulator that is there already.
    package init(base: String) { self.base = base }

    /// The simulator that a family's child is, as soon as it says where it listens.
    package init(of child: ChildProcess) async throws {
        let sign = "listening on "
        while true {
            // The line is whole only with the end of it.
            if let line = child.log.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().first(where: { $0.hasPrefix(sign) }) {
                self.base = String(line.dropFirst(sign.count))
                return
            }
            if let ending = child.ending { throw ChildEnded(name: child.name, ending: ending, log: child.log) }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// What it saw so far.
    package func evidence() async throws -> SimulatorEvidence {
        try JSONDecoder().decode(SimulatorEvidence.self, from: try await self.call("GET", "/simulator/evidence"))
    }

    /// Every lead there is, one after the other.
    package func leads() async throws -> [SimulatorLead] {
        let body = try await self.call("GET", "/simulator/leads")
        let decoder = JSONDecoder()
        return try body.split(separator: UInt8(ascii: "\n")).map { try decoder.decode(SimulatorLead.self, from: Data($0)) }
    }

    /// Makes new leads up; their ids.
    package func create(_ count: Int) async throws -> [Int64] {
        struct Made: Decodable { let ids: [Int64] }
        return try JSONDecoder().decode(Made.self, from: try await self.call("POST", "/simulator/leads/create", ["count": count])).ids
    }

    /// Adds to the leads' scores.
    package func score(_ ids: [Int64], by change: Int) async throws {
        struct Change: Encodable { let ids: [Int64], by: Int }
        _ = try await self.call("POST", "/simulator/leads/score", Change(ids: ids, by: change))
    }

    /// Changes texts of a lead.
    package func update(_ id: Int64, _ values: [String: String]) async throws {
        struct Change: Encodable { let ids: [Int64], set: [String: String] }
        _ = try await self.call("POST", "/simulator/leads/update", Change(ids: [id], set: values))
    }

    /// Deletes leads.
    package func delete(_ ids: [Int64]) async throws { _ = try await self.call("POST", "/simulator/leads/delete", ["ids": ids]) }

    /// Merges one lead into another.
    package func merge(_ loser: Int64, into winner: Int64) async throws {
        struct Merge: Encodable { let winner: Int64, losers: [Int64] }
        _ = try await self.call("POST", "/simulator/leads/merge", Merge(winner: winner, losers: [loser]))
    }

    private func call(_ method: String, _ path: String, _ body: (any Encodable)? = nil) async throws -> Data {
        var request = HTTPClientRequest(url: self.base + path)
        request.method = .init(rawValue: method)
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 1 << 30)
        guard response.status == .ok else { throw Complaint("The simulator refused \(method) \(path): HTTP \(response.status.code).") }
        return Data(buffer: bytes)
    }
}
