import ArgumentParser
import Runtime

/// The worker's own door: everything it does is in ``WorkerCommand``.
@main
struct WorkerMain {
    static func main() async { await CommandEntry.run(WorkerCommand.self) }
}
