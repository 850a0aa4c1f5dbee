/// One run of a job: its number and the lease number it is held by.
struct JobRun: Sendable, Hashable {
    let id: JobID
    let lease: Int64
}
