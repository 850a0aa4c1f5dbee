import Fleet
import Foundation
import Postgres
import Runtime
import TestKit
package import Testing

/// Doing what `ops` suggests, as the text that it is: SQL by the database, a line for the shell by the shell.
extension Stage {
    /// What `ops.why` says of a job: the reason, and the call that mends it.
    package func why(_ job: Int) async throws -> (reason: String, suggestion: String) {
        (
            try await self.value("SELECT reason FROM ops.why(\(job))") ?? "", try await self.value("SELECT suggestion FROM ops.why(\(job))") ?? ""
        )
    }

    /// The one suggestion of `ops.stuck_jobs` for a job, once it names it for this reason.
    package func stuck(_ job: Int, for reason: String) async throws -> String {
        try await self.until("SELECT EXISTS (SELECT FROM ops.stuck_jobs WHERE id = \(job) AND reason = '\(reason)')")
        return try await self.value("SELECT suggestion FROM ops.stuck_jobs WHERE id = \(job)") ?? ""
    }

    /// Executes a suggestion as it stands.
    ///
    /// - Parameter input: what a person types when asked.
    package func follow(_ suggestion: String, typing input: String = "", sourceLocation: SourceLocation = #_sourceLocation) async throws {
        if suggestion.hasPrefix("SELECT ") {
            try await self.pool.run(script: suggestion)
        } else if suggestion.hasPrefix("worker ") {
            // A program that stays: the stage ends it.
            try await self.family.start("worker", as: "suggested worker", environment: ["KAKEHASHI_LEASE_SECONDS": "3"])
        } else if suggestion.hasPrefix("kakehashi ") {
            try await self.shell(suggestion, typing: input)
        } else {
            Issue.record("no call: \(suggestion)", sourceLocation: sourceLocation)
        }
    }

    /// Has the shell run a line as it stands, where the product's programs and PostgreSQL's are in `PATH`; throws what it said unless it ends with 0.
    ///
    /// - Parameter input: what a person types when asked.
    package func shell(_ line: String, typing input: String = "") async throws {
        let folder = self.family.directory
        let number = UUID().uuidString.prefix(8)
        try Data(line.utf8).write(to: folder.appending(path: "line-\(number).sh"))
        try Data(input.utf8).write(to: folder.appending(path: "typed-\(number)"))
        let variables = Self.environment(self.database.url).all.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
        let servers = ClusterBinaries.folder().map { ":\($0.path)" } ?? ""
        try await ShellRun.run(
            "cd '\(folder.path)' && PATH='\(Self.programs.path)\(servers)':$PATH && export PATH && env \(variables) sh line-\(number).sh < typed-\(number)"
        )
    }
}
