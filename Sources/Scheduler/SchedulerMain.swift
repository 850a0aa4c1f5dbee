import Runtime

/// The scheduler's own door: everything it does is in ``SchedulerCommand``.
@main
struct SchedulerMain {
    static func main() async { await CommandEntry.run(SchedulerCommand.self) }
}
