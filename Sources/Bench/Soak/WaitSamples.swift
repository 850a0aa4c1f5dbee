import Foundation
import Synchronization

/// How long jobs waited from their commit to their start; said once a minute in one line.
final class WaitSamples: Sendable {
    private let waits = Mutex<[Double]>([])

    /// One more, in milliseconds.
    func add(_ wait: Double) { self.waits.withLock { $0.append(wait) } }

    /// Says `waited <count> <p50> <p99>` every second, of the last minute's.
    func say() async {
        var recent: [[Double]] = []
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            recent.append(
                self.waits.withLock { waits in
                    defer { waits = [] }
                    return waits
                })
            recent.removeFirst(max(0, recent.count - 60))
            let all = recent.flatMap(\.self).sorted()
            guard !all.isEmpty else { continue }
            let line = String(
                format: "waited %d %.3f %.3f\n", all.count, all[all.count / 2], all[min(all.count - 1, all.count * 99 / 100)])
            try? FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
        }
    }
}
