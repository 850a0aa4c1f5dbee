import Foundation
import Glibc
import Runtime

/// Starting a program and waiting for its end, in the words of the system.
///
/// Not Foundation's `Process`: that one hears of the end by a socket which any program started at the same moment may inherit and hold open.
enum ChildSpawn {
    /// Starts `command` with its output in the file `log`, its errors there too or in a file of their own; its number, or what the system said.
    ///
    /// - Important: call it on a thread that lives as long as the child: with that thread it is killed (see ``arguments(of:)``).
    static func start(_ command: ChildCommand, log: URL, errors: URL?) -> Result<pid_t, Refused> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, command.input?.path ?? "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        if let errors {
            posix_spawn_file_actions_addopen(&actions, 2, errors.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // A process group of its own: Ctrl-C at the terminal is for us, and we stop the children in order.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        let words = Self.arguments(of: command)
        let arguments = words.map { strdup($0) as UnsafeMutablePointer<CChar>? } + [nil]
        let variables = command.environment.all.map { strdup("\($0.key)=\($0.value)") as UnsafeMutablePointer<CChar>? } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        let outcome = posix_spawn(&pid, words[0], &actions, &attributes, arguments, variables)
        return outcome == 0 ? .success(pid) : .failure(Refused(errno: outcome))
    }

    /// Blocks until the child has ended, but leaves its number taken, so that a signal can't hit somebody else.
    static func awaitEnd(of pid: pid_t) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    }

    /// Takes the ended child's status and gives its number back.
    static func reap(_ pid: pid_t) -> ChildEnding {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 { guard errno == EINTR else { return .exited(-1) } }
        return status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signalled(status & 0x7f)
    }

    /// What the system refused.
    struct Refused: Error { let errno: Int32 }

    /// `setpriv` (util-linux) asks the kernel to kill the child with us, however we end, and then becomes the program.
    private static func arguments(of command: ChildCommand) -> [String] {
        let own = [command.executable.path] + command.arguments
        let helper = "/usr/bin/setpriv"
        return FileManager.default.isExecutableFile(atPath: helper) ? [helper, "--pdeathsig", "KILL", "--"] + own : own
    }
}
