/// Where among the tenants a claim begins: after this (tenant, priority, kind, version).
struct JobCursor: Sendable, Equatable {
    var tenant: Int64
    var priority: Int
    var kind: String
    var version: Int

    /// Before all tenants.
    static let start = JobCursor(tenant: -1, priority: 32_767, kind: "", version: 0)
}
