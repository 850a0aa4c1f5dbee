package import Foundation
import Glibc
package import Runtime
import Synchronization

/// A program that this one has started; what it says goes to a file of its own.
///
/// It dies with this process, however this process ends (Linux).
package final class ChildProcess: Sendable {
    private struct State {
        var ending: ChildEnding?
        var waiters: [Int: CheckedContinuation<ChildEnding?, Never>] = [:]
        var lastWaiter = 0
    }

    /// How it was started.
    package let command: ChildCommand
    /// What it says.
    package let log: ChildLog
    /// Its number in the system.
    package let pid: Int32
    private let state: Mutex<State>

    /// Such as "worker 1".
    package var name: String { self.command.name }
    /// How it ended; nil while it runs.
    package var ending: ChildEnding? { self.state.withLock { $0.ending } }
    /// Whether it still runs.
    package var isRunning: Bool { self.ending == nil }

    private init(command: ChildCommand, log: ChildLog, pid: Int32) {
        self.command = command
        self.log = log
        self.pid = pid
        self.state = Mutex(State())
    }

    /// Starts a program; `onEnd` is called once, when it has ended.
    ///
    /// - Parameters:
    ///   - file: where all that it says is added.
    ///   - errors: where what it says on standard error is added instead.
    package static func start(
        _ command: ChildCommand, log file: URL, errors: URL? = nil, onEnd: @escaping @Sendable (ChildProcess, ChildEnding) -> Void = { _, _ in }
    ) async throws(Complaint) -> ChildProcess {
        let log = ChildLog(name: command.name, file: file)
        let child: ChildProcess? = await withCheckedContinuation { continuation in
            // The thread waits for the child as long as it lives.
            Thread.detachNewThread {
                guard case .success(let pid) = ChildSpawn.start(command, log: file, errors: errors) else {
                    return continuation.resume(returning: nil)
                }
                let child = ChildProcess(command: command, log: log, pid: pid)
                continuation.resume(returning: child)
                ChildSpawn.awaitEnd(of: pid)
                onEnd(child, child.bury())
            }
        }
        guard let child else { throw Complaint("\(command.name) could not be started (\(command.executable.path)).") }
        return child
    }

    /// Sends a signal; without effect when it has ended.
    package func signal(_ number: Int32) {
        // Under the lock under which its number is given back.
        self.state.withLock { if $0.ending == nil { _ = Glibc.kill(self.pid, number) } }
    }

    /// Asks it to stop (SIGTERM).
    package func terminate() { self.signal(SIGTERM) }
    /// Ends it at once (SIGKILL), as by a power cut.
    package func kill() { self.signal(SIGKILL) }
    /// Freezes it (SIGSTOP) until ``thaw()``.
    package func freeze() { self.signal(SIGSTOP) }
    /// Lets it go on (SIGCONT).
    package func thaw() { self.signal(SIGCONT) }

    /// Waits for its end; nil when `limit` has passed before, or the task was cancelled.
    package func ended(within limit: Duration? = nil) async -> ChildEnding? {
        guard let limit else { return await self.wait() }
        return await withTaskGroup(of: ChildEnding?.self) { group in
            group.addTask { await self.wait() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// Asks it to stop (SIGTERM), and after `grace` makes it stop; returns when it is gone.
    @discardableResult package func stop(grace: Duration) async -> ChildEnding {
        self.terminate()
        // A frozen one hears nothing before it is thawed.
        self.thaw()
        // A task of its own: after Ctrl-C this one is cancelled, and a cancelled task can't wait.
        return await Task {
            if let ending = await self.ended(within: grace) { return ending }
            self.kill()
            return await self.ended() ?? .signalled(SIGKILL)
        }.value
    }

    private func wait() async -> ChildEnding? {
        let number = self.state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known: ChildEnding?? = self.state.withLock { state in
                    if let ending = state.ending { return .some(ending) }
                    // Looked at under the lock that the handler below takes: it finds the waiter, or the waiter sees the cancellation.
                    if Task.isCancelled { return .some(nil) }
                    state.waiters[number] = continuation
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            self.state.withLock { $0.waiters.removeValue(forKey: number) }?.resume(returning: nil)
        }
    }

    private func bury() -> ChildEnding {
        let (ending, waiters) = self.state.withLock { state in
            let ending = ChildSpawn.reap(self.pid)
            state.ending = ending
            defer { state.waiters = [:] }
            return (ending, state.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: ending) }
        return ending
    }
}
