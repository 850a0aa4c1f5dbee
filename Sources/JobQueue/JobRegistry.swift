/// The kinds of job a process can do, each with its handler.
package struct JobRegistry: Sendable {
    private(set) var handlers: [String: AnyJobHandler] = [:]

    /// None yet.
    package init() {}

    /// The kinds, sorted.
    package var kinds: [String] { self.handlers.keys.sorted() }

    /// Adds a handler for jobs one at a time.
    ///
    /// At most `limit` of them run at once in this process, and at most `tenantLimit` of one tenant: should its jobs hang, the others have the rest.
    ///
    /// - Ends: `kindRegisteredTwice`.
    package mutating func register<H: JobHandler>(_ handler: H, limit: Int? = nil, tenantLimit: Int? = nil) throws(JobQueueError) {
        try self.add(AnyJobHandler(handler, limit: limit, tenantLimit: tenantLimit))
    }

    /// Adds a handler for batches.
    ///
    /// At most `limit` batches run at once in this process, and at most `tenantLimit` of one tenant.
    ///
    /// - Ends: `kindRegisteredTwice`.
    package mutating func register<H: JobBatchHandler>(_ handler: H, limit: Int? = nil, tenantLimit: Int? = nil) throws(JobQueueError) {
        try self.add(AnyJobHandler(handler, limit: limit, tenantLimit: tenantLimit))
    }

    private mutating func add(_ handler: AnyJobHandler) throws(JobQueueError) {
        guard self.handlers[handler.kind] == nil else { throw .kindRegisteredTwice(handler.kind) }
        self.handlers[handler.kind] = handler
    }
}
