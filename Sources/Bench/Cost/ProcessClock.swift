import Foundation

/// Time that processes of this machine spent computing, as the kernel counts it (Linux).
enum ProcessClock {
    /// This process.
    static var this: Int32 { ProcessInfo.processInfo.processIdentifier }

    /// Of one, in seconds; nil when it is gone.
    static func seconds(of pid: Int32) -> Double? { Self.stat(of: pid).map { Double($0.own) / 100 } }

    /// Of a PostgreSQL server, by one of its processes: all that live and all that it has seen off; nil when it is not on this machine.
    static func seconds(ofServerWith backend: Int32) -> Double? {
        guard let own = Self.stat(of: backend), own.name.hasPrefix("postgres"), let server = Self.stat(of: own.parent) else { return nil }
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let living = all.compactMap { Int32($0) }.compactMap { Self.stat(of: $0) }.filter { $0.parent == own.parent }
        return Double(server.own + server.children + living.reduce(0) { $0 + $1.own }) / 100
    }

    private struct Stat {
        let name: String
        let parent: Int32
        /// In hundredths of a second, as are the children's that have ended.
        let own: Int
        let children: Int
    }

    private static func stat(of pid: Int32) -> Stat? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let opening = text.firstIndex(of: "("),
            let closing = text.lastIndex(of: ")")
        else { return nil }
        // The name in parentheses may hold spaces; what follows it does not. Parent: member 4; times: members 14 to 17.
        let members = text[text.index(after: closing)...].split(separator: " ")
        guard members.count > 14, let parent = Int32(members[1]) else { return nil }
        let times = members[11...14].compactMap { Int($0) }
        guard times.count == 4 else { return nil }
        return Stat(name: String(text[text.index(after: opening)..<closing]), parent: parent, own: times[0] + times[1], children: times[2] + times[3])
    }
}
