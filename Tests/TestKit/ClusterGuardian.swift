import Foundation
import Glibc

/// Stops a cluster and removes its folder when this process has gone, however it went.
///
/// It is a small shell that reads from a socket whose other end only this process holds: the end of the socket is the end of the process,
/// `kill -9` included.
enum ClusterGuardian {
    /// Posts one for the cluster in `folder`.
    static func post(for folder: URL, stop: String) throws {
        var ends: [Int32] = [-1, -1]
        // Closed to child processes from the start: one that is started at this moment would hold the other end in our place. (Swift's Glibc
        // has no pipe2, which could do the same.)
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else { throw POSIXError(.EMFILE) }
        _ = try ShellRun.spawn("cat > /dev/null; \(stop); rm -rf '\(folder.path)'", input: ends[0], output: -1)
        close(ends[0])
        // ends[1] is never closed by us: the kernel does it.
    }
}
