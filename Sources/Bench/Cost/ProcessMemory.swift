import Foundation

/// What the kernel counts for a process that runs on this machine (Linux).
struct ProcessMemory: Sendable {
    /// The most it ever held in memory, in bytes (`VmHWM`).
    let peak: Int
    /// What it holds now, in bytes (`VmRSS`).
    let resident: Int

    /// Of the process with this number; nil when it is gone.
    init?(of pid: Int32) {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8), let peak = Self.bytes("VmHWM", in: status),
            let resident = Self.bytes("VmRSS", in: status)
        else { return nil }
        self.peak = peak
        self.resident = resident
    }

    private static func bytes(_ name: String, in status: String) -> Int? {
        status.split(separator: "\n").first { $0.hasPrefix("\(name):") }?.split { $0 == " " || $0 == "\t" }.dropFirst().first
            .flatMap { Int($0) }.map { $0 * 1_024 }
    }
}
