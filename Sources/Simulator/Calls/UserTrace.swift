/// What one API user alone does to the limits that all share.
///
/// Beside others a client may see a limit passed without being to blame for it.
struct UserTrace: Sendable {
    private var window = ArrivalWindow()
    private(set) var running = 0
    private(set) var mostAtOnce = 0

    var mostInAnyWindow: Int { self.window.most }

    /// A call came in; one that was refused was under way beside the others all the same.
    mutating func arrive(at uptime: Int64, counts: Bool, isRefused: Bool) {
        if counts { self.window.add(at: uptime) }
        self.mostAtOnce = max(self.mostAtOnce, self.running + 1)
        if !isRefused { self.running += 1 }
    }

    mutating func leave() { self.running -= 1 }

    /// Begins a new record; what is under way goes on.
    mutating func reset() {
        self.window = ArrivalWindow()
        self.mostAtOnce = 0
    }
}
