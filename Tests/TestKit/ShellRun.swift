import Foundation
import Glibc

/// Runs shell scripts by `posix_spawn`.
package enum ShellRun {
    /// A script that did not end with 0, and what it printed.
    package struct Failure: Error, CustomStringConvertible {
        let script: String
        let status: Int32
        let output: String
        package var description: String { "\(self.script)\nended with \(self.status):\n\(self.output)" }
    }

    /// Runs `script` with `sh` and waits for it on a thread of its own; throws `Failure` when it does not end with 0.
    ///
    /// Its output goes to a file: a pipe would stay open with a server that it leaves behind.
    package static func run(_ script: String) async throws {
        let log = FileManager.default.temporaryDirectory.appending(path: "kakehashi-\(UUID().uuidString).log").path
        defer { unlink(log) }
        let output = open(log, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        defer { close(output) }
        let process = try Self.spawn(script, input: -1, output: output)
        let status = await withCheckedContinuation { (continuation: CheckedContinuation<Int32, Never>) in
            Thread.detachNewThread {
                var status: Int32 = 0
                while waitpid(process, &status, 0) < 0, errno == EINTR {}
                continuation.resume(returning: status)
            }
        }
        guard status == 0 else {
            throw Failure(script: script, status: status, output: (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
        }
    }

    /// Starts `script` with `sh` in a session of its own, so that Ctrl-C at the terminal does not reach it; -1 stands for `/dev/null`.
    static func spawn(_ script: String, input: Int32, output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        if input >= 0 { posix_spawn_file_actions_adddup2(&actions, input, 0) }
        if output >= 0 { posix_spawn_file_actions_adddup2(&actions, output, 1) }
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The test process may have blocked or ignored signals; a child would inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let newSession: Int32 = 0x80  // POSIX_SPAWN_SETSID, which Glibc's module leaves out
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | newSession))
        var process: pid_t = 0
        let arguments = (["sh", "-c", script] as [String]).map { strdup($0) as UnsafeMutablePointer<CChar>? } + [nil]
        defer { for argument in arguments { free(argument) } }
        let outcome = posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environ)
        guard outcome == 0 else { throw Failure(script: script, status: outcome, output: "can't be started") }
        return process
    }
}
