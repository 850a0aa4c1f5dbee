import Foundation
import Glibc

/// Stops a cluster and removes its folder when this process has gone, however it went.
///
/// It is a small shell that reads from a pipe whose other end only this process holds: the end of the pipe is the end of the process,
/// `kill -9` included.
enum ClusterGuardian {
    /// Posts one for the cluster in `folder`.
    static func post(for folder: URL, stop: String) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
        // Another child process must not hold the other end in our place.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = try ShellRun.spawn("cat > /dev/null; \(stop); rm -rf '\(folder.path)'", input: ends[0], output: -1)
        close(ends[0])
        // ends[1] is never closed by us: the kernel does it.
    }
}
