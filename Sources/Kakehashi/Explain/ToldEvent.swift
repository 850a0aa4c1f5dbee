import Foundation
import Store
import Sync

/// One event of a person's story, with the sentence that tells it.
struct ToldEvent: Sendable {
    let event: FindStory.Row
    let text: String

    var json: JSONFact {
        .object([
            ("at", JSONFact(self.event.at)), ("kind", .text(self.event.kind)), ("text", .text(self.text)),
            ("contact_id", JSONFact(self.event.contact?.rawValue)), ("lead_id", JSONFact(self.event.lead?.rawValue)),
            ("job_id", JSONFact(self.event.job)),
        ])
    }

    /// For people: when, by the clock where they are, and what.
    var line: String {
        let moment = self.event.at.formatted(Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: .current))
        return "\(moment.prefix(19))  \(ScreenText.of(self.text))"
    }
}
