import Runtime

/// `bench`: the benchmarks, one JSON line a measure.
@main
struct BenchMain {
    static func main() async { await CommandEntry.run(BenchCommand.self) }
}
