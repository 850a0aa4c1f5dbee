import Dispatch
import Foundation

/// SIGTERM and SIGINT as something to wait for.
struct StopSignals: Sendable {
    private let signals: AsyncStream<Void>

    init() {
        let (signals, report) = AsyncStream<Void>.makeStream()
        self.signals = signals
        for number in [SIGTERM, SIGINT] {
            // The source sees the signal only when the default action, to die, is off.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            // The handler holds its own source: it shall live as long as the process.
            source.setEventHandler {
                withExtendedLifetime(source) { _ = report.yield() }
            }
            source.resume()
        }
    }

    /// Returns with the first signal, or when the surrounding task is cancelled.
    func wait() async {
        for await _ in self.signals { return }
    }
}
