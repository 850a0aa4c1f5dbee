import JobQueue

/// The kinds of job that a worker can do, and how many of each at once.
enum InboundHandlers {
    /// - Parameter concurrency: how many jobs the process runs at once. Reading takes at most half of the places, so that what was read is
    ///   written down in the other half; writing of one tenant goes one at a time anyway, and two keep each other supplied.
    static func registry(_ bridge: Bridge, concurrency: Int) throws(JobQueueError) -> JobRegistry {
        let half = max(1, concurrency / 2)
        let few = max(1, concurrency / 4)
        var registry = JobRegistry()
        try registry.register(StartFullLoadHandler(bridge: bridge), limit: half, tenantLimit: Self.most(of: half))
        try registry.register(FetchLeadPageHandler(bridge: bridge), limit: half, tenantLimit: Self.most(of: half))
        try registry.register(FetchChangePageHandler(bridge: bridge), limit: half, tenantLimit: Self.most(of: half))
        try registry.register(FetchTailPageHandler(bridge: bridge), limit: few, tenantLimit: Self.most(of: few))
        try registry.register(RefreshLeadHandler(bridge: bridge), limit: few, tenantLimit: Self.most(of: few))
        try registry.register(CheckFrontierHandler(bridge: bridge), limit: half, tenantLimit: Self.most(of: half))
        try registry.register(DescribeFieldsHandler(bridge: bridge), limit: half, tenantLimit: Self.most(of: half))
        try registry.register(ReadUsageHandler(bridge: bridge), limit: half, tenantLimit: Self.most(of: half))
        try registry.register(UpsertContactHandler(bridge: bridge), limit: few)
        try registry.register(ResolveAccountHandler(bridge: bridge), limit: few)
        try registry.register(StartSweepHandler(bridge: bridge))
        try registry.register(FinishRunHandler())
        try OutboundHandlers.register(bridge, concurrency: concurrency, into: &registry)
        return registry
    }

    /// Of the places for what asks Marketo a quarter is never one tenant's: while all its calls hang, the others' get through.
    private static func most(of places: Int) -> Int { (places * 3 + 3) / 4 }
}
