/// What a stretch of work cost.
struct Cost: Sendable {
    /// Seconds of computing by the server; nil when it is on another machine.
    var server: Double?
    /// Seconds of computing by our processes.
    var client: Double
    /// Bytes of WAL.
    var wal: Int
    /// Transactions that wrote something.
    var commits: Int

    /// As members of a measure, for so many jobs.
    func figures(jobs: Int) -> [(String, Measure.Value)] {
        let jobs = Double(max(1, jobs))
        return [
            ("client_us_per_job", .decimal(self.client * 1_000_000 / jobs)),
            ("server_us_per_job", .decimal((self.server ?? .nan) * 1_000_000 / jobs)),
            ("wal_bytes_per_job", .decimal(Double(self.wal) / jobs)),
            ("commits_per_1000_jobs", .decimal(Double(self.commits) * 1_000 / jobs)),
        ]
    }
}
