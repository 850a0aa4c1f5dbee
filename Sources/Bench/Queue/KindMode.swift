/// How a process is given its jobs.
enum KindMode: String, Sendable, CaseIterable {
    /// One at a time, a handler each.
    case single
    /// Many at a time.
    case batch
}
