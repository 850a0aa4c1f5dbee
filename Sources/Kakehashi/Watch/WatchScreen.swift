import Foundation
import Runtime
import Store
import Sync

/// What `status --watch` shows: tenants, the day's calls, the queue, the workers, as they are at one moment.
struct WatchScreen: Sendable {
    let facts: StatusFacts
    let depths: [QueueDepthQuery.Row]
    /// In which zone each tenant reads its clock, by name.
    let zones: [String: TimeZone]

    /// The screen, line by line; no more lines than the terminal has.
    func lines(terminal: Terminal, now: Date, rows: Int?) -> [String] {
        var lines = [terminal.paint("kakehashi  \(Self.moment(now, .current))", .bold), ""]
        lines += self.facts.lines(terminal: terminal, now: now)
        var quota = Table([("CALLS TODAY", .left), ("OURS", .right), ("OTHERS", .right), ("LEFT", .right), ("NEW DAY", .left)])
        for tenant in self.facts.tenants {
            let zone = self.zones[tenant.name] ?? .current
            quota.add([
                tenant.name, Amount.count(tenant.quota.usedByUs), Amount.count(tenant.quota.usedByOthers), Amount.count(tenant.quota.remaining),
                "\(Self.moment(tenant.quota.resetsAt, zone)) (\(zone.identifier))",
            ])
        }
        if !self.facts.tenants.isEmpty { lines += [""] + quota.lines(columns: terminal.width) }
        var queue = Table([
            ("QUEUE", .left), ("KIND", .left), ("READY", .right), ("LATER", .right), ("RUNNING", .right), ("RETRYING", .right), ("DEAD", .right),
            ("OLDEST", .right),
        ])
        for depth in self.depths {
            queue.add([
                depth.tenant ?? "–", depth.kind, Amount.count(depth.ready), Amount.count(depth.scheduled), Amount.count(depth.running),
                Amount.count(depth.retrying), Amount.count(depth.dead), depth.oldestSeconds.map { Amount.time(seconds: $0) } ?? "",
            ])
        }
        lines += [""] + (self.depths.isEmpty ? ["The queue is empty."] : queue.lines(columns: terminal.width))
        return rows.map { Array(lines.prefix(max(1, $0 - 1))) } ?? lines
    }

    private static func moment(_ moment: Date, _ zone: TimeZone) -> String {
        String(moment.formatted(Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: zone)).prefix(19))
    }
}
