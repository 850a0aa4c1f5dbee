import FoundationEssentials

/// How one run is to end.
struct JobEnd: Sendable {
    /// What is asked for.
    ///
    /// What becomes of it can differ: see `JobsEnd`.
    enum Fate: String, Sendable {
        /// Well.
        case done
        /// Called off.
        case cancel
        /// Hopeless.
        case bury
        /// Failed: an attempt is spent.
        case retry
        /// Not now: no attempt is spent.
        case postpone
        /// Handed back as it was: the process is leaving.
        case handBack = "return"
        /// Its process is gone.
        case crash

        /// Whether the job leaves the waiting and running ones for good; the others need their key, which somebody may hold.
        var isLeaving: Bool {
            switch self {
            case .done, .cancel, .bury: true
            case .retry, .postpone, .handBack, .crash: false
            }
        }
    }

    let id: JobID
    let lease: Int64
    let fate: Fate
    let reason: String?
    /// How long it waits.
    var delay: Duration?
    /// Until when it waits; outranks `delay`.
    var wake: Date?

    /// U+0000 can't be stored, and a reason is a sentence, not a page.
    init(id: JobID, lease: Int64, fate: Fate, reason: String? = nil, delay: Duration? = nil, wake: Date? = nil) {
        self.id = id
        self.lease = lease
        self.fate = fate
        self.reason = reason.map { String($0.unicodeScalars.lazy.filter { $0 != "\0" }.prefix(2_000).map(Character.init)) }
        self.delay = delay
        self.wake = wake
    }
}
