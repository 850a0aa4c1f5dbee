import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Runtime

/// `kakehashi health`: asks a process on this machine whether it may take work; the health check of a container, which has neither shell nor curl.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Ask a worker (port 9101) or scheduler (9102) on this machine whether it may take work.",
        discussion: """
            Prints what /readyz answers. Ends with 0 when it is ready, 1 when it is not, 69 when nobody answers.
            Examples:
              kakehashi health
              kakehashi health --health-port 9102
            """)

    @Option(help: "The port that the process serves. (default: 9101)")
    var healthPort: String?

    func run() async throws {
        let port = try Setting<Int>.number("health-port", in: 1...65_535, fallback: 9101).value(flag: self.healthPort, environment: .current)
        let answer: HTTPClientResponse
        do {
            answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: "http://127.0.0.1:\(port)/readyz"), timeout: .seconds(5))
        } catch {
            throw Complaint("Nobody answers on port \(port) of this machine.", ending: .unreachable)
        }
        let text = String(buffer: try await answer.body.collect(upTo: 65_536)).trimmingCharacters(in: .whitespacesAndNewlines)
        guard answer.status == .ok else { throw Complaint("Not ready: \(ScreenText.of(text)).") }
        try Printer.line(ScreenText.of(text))
    }
}
