import Foundation

/// What the kernel counts for a process that runs on this machine (Linux).
struct ProcessMemory: Sendable {
    /// The most it ever held in memory, in bytes (`VmHWM`).
    let peak: Int
    /// Time it spent computing, in seconds.
    let computing: Double

    /// Of the process with this number; nil when it is gone.
    init?(of pid: Int32) {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) }),
            let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        else { return nil }
        self.peak = kibibytes * 1_024
        // The name in parentheses may hold spaces; what follows it does not. User and system time are members 14 and 15, in hundredths of a second.
        let members = stat.split(separator: ")").last.map { $0.split(separator: " ") } ?? []
        let ticks = [11, 12].compactMap { members.indices.contains($0) ? Double(members[$0]) : nil }
        self.computing = ticks.reduce(0, +) / 100
    }
}
