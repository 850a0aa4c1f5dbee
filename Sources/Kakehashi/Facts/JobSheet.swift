import Foundation
import Runtime
import Store

/// A job, for programs and for people.
struct JobSheet: Sendable {
    let job: JobFacts
    /// Why it is not running, where that was asked.
    var why: WhyJob.Row?

    var json: JSONFact {
        .object(
            [
                ("id", JSONFact(self.job.id)), ("tenant", JSONFact(self.job.tenant)), ("kind", .text(self.job.kind)),
                ("state", .text(self.job.state)),
                ("priority", JSONFact(self.job.priority)), ("attempt", JSONFact(self.job.attempt)), ("max_attempts", JSONFact(self.job.mostAttempts)),
                ("run_at", JSONFact(self.job.runAt)), ("created_at", JSONFact(self.job.createdAt)), ("ended_at", JSONFact(self.job.endedAt)),
                ("reason", JSONFact(self.job.reason)), ("payload", .text(self.job.payload)), ("claimed_by", JSONFact(self.job.worker)),
                ("lease_until", JSONFact(self.job.leaseUntil)),
            ]
                + (self.why.map { why in
                    [("why", .text(why.reason)), ("until", JSONFact(why.until)), ("suggestion", .text(why.suggestion))]
                } ?? []))
    }

    /// One fact a line; what there is not is left out.
    var lines: [String] {
        let facts: [(String, String?)] = [
            ("job", "\(self.job.id)"), ("tenant", self.job.tenant), ("kind", self.job.kind), ("state", self.job.state),
            ("priority", "\(self.job.priority)"), ("attempt", "\(self.job.attempt) of \(self.job.mostAttempts)"),
            ("due at", Timestamp.text(self.job.runAt)), ("made at", Timestamp.text(self.job.createdAt)),
            ("ended at", self.job.endedAt.map { Timestamp.text($0) }), ("reason", self.job.reason), ("payload", self.job.payload),
            ("worker", self.job.worker), ("lease until", self.job.leaseUntil.map { Timestamp.text($0) }),
            ("why", self.why?.reason), ("until", self.why?.until.map { Timestamp.text($0) }), ("mended by", self.why?.suggestion),
        ]
        return facts.compactMap { name, value in
            value.map { name.padding(toLength: 12, withPad: " ", startingAt: 0) + ScreenText.of($0) }
        }
    }

    /// Jobs in rows that fit the terminal.
    static func table(of jobs: [JobFacts], terminal: Terminal) -> [String] {
        guard !jobs.isEmpty else { return ["There is no such job."] }
        var table = Table([
            ("JOB", .right), ("TENANT", .left), ("KIND", .left), ("STATE", .left), ("TRIES", .right), ("DUE AT", .left), ("REASON", .left),
        ])
        for job in jobs {
            table.add([
                "\(job.id)", job.tenant ?? "–", job.kind, job.state, "\(job.attempt)/\(job.mostAttempts)", Timestamp.text(job.runAt),
                job.reason ?? "",
            ])
        }
        return table.lines(columns: terminal.width)
    }
}
