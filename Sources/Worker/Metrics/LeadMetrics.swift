import Metrics
import Postgres

/// What a process counts of the leads that it reads and works in.
struct LeadMetrics: Sendable {
    /// What happened to them.
    enum Step {
        /// They came with an answer of Marketo's.
        case read
        /// They had news, and became contacts or were listed in quarantine.
        case applied
    }

    /// The one of this process.
    static let shared = LeadMetrics()

    private let read = Counter(label: "leads_read_total")
    private let applied = Counter(label: "leads_applied_total")

    /// Counts them once they are stored: what is rolled back did not happen.
    func note(_ leads: Int, as step: Step, when transaction: PostgresTransaction) {
        let counter =
            switch step {
            case .read: self.read
            case .applied: self.applied
            }
        transaction.afterCommit { counter.increment(by: leads) }
    }
}
