/// One kind and version that a process can run, and for how much of it there is room.
struct JobOffer: Sendable {
    let kind: String
    let version: Int
    let gate: String?
    /// How many units (a job, or a batch) may start.
    var room: Int
    /// How many jobs of a tenant make a unit.
    let batchSize: Int
    /// How many units of one tenant may run at once in this process, those it holds included.
    var mostOfTenant = Int.max
}

/// How many units of a kind this process holds for one tenant.
struct TenantHold: Sendable, Hashable {
    let tenant: Int64
    let kind: String
    let units: Int
}
