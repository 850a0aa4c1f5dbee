import JobQueue

/// The kinds of job that tell Marketo what happened in Mazrica.
enum OutboundHandlers {
    /// - Parameter concurrency: how many jobs the process runs at once.
    static func register(_ bridge: Bridge, concurrency: Int, into registry: inout JobRegistry) throws(JobQueueError) {
        let few = max(1, concurrency / 4)
        try registry.register(NoteChangesHandler(bridge: bridge), limit: few)
    }
}
