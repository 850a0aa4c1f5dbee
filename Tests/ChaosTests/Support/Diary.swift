import Foundation

/// What was done when: what a failure is explained by.
struct Diary: Sendable {
    private struct Entry: Sendable {
        let at: Date
        let subject: Int64?
        let text: String
    }

    private var entries: [Entry] = []

    /// Writes something down, of a lead or of nobody in particular.
    mutating func note(_ text: String, lead: Int64? = nil) { self.entries.append(Entry(at: .now, subject: lead, text: text)) }

    /// What concerns these leads, or all, in order.
    func lines(of leads: Set<Int64>) -> [String] {
        self.entries.filter { $0.subject.map(leads.contains) ?? true }.map { entry in
            "\(entry.at.formatted(.iso8601.time(includingFractionalSeconds: true))) \(entry.subject.map { "lead \($0): " } ?? "")\(entry.text)"
        }
    }
}
