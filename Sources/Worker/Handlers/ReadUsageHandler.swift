import JobQueue
import Jobs
import Marketo
import Store

/// Asks how many calls were made today; see ``ReadUsage``.
struct ReadUsageHandler: JobHandler {
    let bridge: Bridge

    func run(_ job: ClaimedJob<ReadUsage>, context: JobContext) async throws -> Verdict {
        guard let tenant = try await self.bridge.tenant(job.tenant) else { return .done() }
        try await tenant.note(tenant.ask(for: .control) { try await $0.usage() })
        return .done()
    }
}
