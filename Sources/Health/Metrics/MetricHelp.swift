/// What each metric tells, in a sentence; the page of a process says it above the numbers.
enum MetricHelp {
    /// A label without a sentence of its own shows its words.
    static func text(of label: String) -> String {
        self.texts[label] ?? label.split(separator: "_").joined(separator: " ")
    }

    static let texts: [String: String] = [
        "jobs_finished_total": "Jobs that ended, by kind and by how: done, retry, dead, lost (its lease had gone to another worker) and so on.",
        "jobs_run_seconds": "How long jobs, or batches of them, ran, by kind.",
        "jobs_claim_seconds": "How long it took to take jobs from the queue.",
        "jobs_claimed_total": "Jobs taken from the queue.",
        "jobs_rescued_total": "Jobs taken back from workers that gave no sign of life.",
        "jobs_running": "Jobs, or batches of them, that run in this process now.",
        "jobs_heartbeat_failures_total": "Signs of life that did not reach the database.",
        "marketo_permits_total": "Calls asked of the ledger, by lane and answer: granted, or what held them back.",
        "marketo_calls_total": "Calls that left this process, by path and by how they ended: ok, Marketo's code, or the trouble's name.",
        "marketo_call_seconds": "How long calls took, from sending to the last byte, by path.",
        "leads_read_total": "Leads that came with an answer of Marketo's and were stored.",
        "leads_applied_total": "Leads that had news and became contacts, or were listed in quarantine.",
        "postgres_connections": "Database connections of this process by state: lent, idle, and borrowers waiting for one.",
        "queue_jobs": "Jobs that have not ended well, by tenant, kind and state.",
        "queue_oldest_ready_seconds": "For how long the oldest job that is due has been waiting, by tenant and kind.",
        "quota_calls": "Calls of Marketo's day by tenant: limit, used by us, used by others, remaining.",
        "quota_reset_seconds": "Seconds until Marketo's day turns, by tenant.",
        "tenant_state": "1 for the state that a tenant is in, by tenant and state.",
        "feed_lag_seconds": "For how long a change feed has not been read to its end, by tenant and feed.",
        "leads_seen": "Leads that the last full load, or the sweeps since, found, by tenant.",
        "leads_quarantined": "Leads that can't be registered, by tenant.",
        "pushes_waiting": "Lead fields that wait for a call to Marketo or are in one, by tenant.",
    ]
}
