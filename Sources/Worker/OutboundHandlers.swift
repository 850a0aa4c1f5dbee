import JobQueue
import Jobs

/// The kinds of job that tell Marketo what happened in Mazrica.
enum OutboundHandlers {
    /// - Parameter concurrency: how many jobs the process runs at once.
    static func register(_ bridge: Bridge, concurrency: Int, into registry: inout JobRegistry) throws(JobQueueError) {
        let few = max(1, concurrency / 4)
        let most = (few * 3 + 3) / 4
        try registry.register(NoteChangesHandler(bridge: bridge), limit: few)
        try registry.register(CreateLeadHandler(bridge: bridge), limit: few, tenantLimit: 1)
        try registry.register(PushHandler<PushPhase>(bridge: bridge), limit: few, tenantLimit: most)
        try registry.register(PushHandler<PushLeadStatus>(bridge: bridge), limit: few, tenantLimit: most)
        try registry.register(PushHandler<PushContact>(bridge: bridge), limit: few, tenantLimit: most)
    }
}
