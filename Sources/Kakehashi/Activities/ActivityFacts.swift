import Foundation
import Store
import Sync

/// Web and mail activities of contacts, for programs and for people.
struct ActivityFacts: Sendable {
    /// One activity of one contact.
    struct Item: Sendable {
        let contact: ContactID
        let lead: LeadID
        let activity: LeadActivity
    }

    let window: ActivityWindow
    /// Not all that there may be: the calls of a click, or the quota, did not reach further.
    let isPartial: Bool
    /// The latest first.
    let items: [Item]
    private let zone: TimeZone

    /// - Parameter zone: by whose clock people read; nil or unknown: this machine's.
    init(window: ActivityWindow, rows: [FindActivityLeads.Row], reads: [ActivityRead], isPartial: Bool, zone: String?) {
        self.window = window
        self.isPartial = isPartial
        self.zone = zone.flatMap { TimeZone(identifier: $0) } ?? .current
        let ofLead = Dictionary(reads.map { ($0.lead, $0.activities) }) { _, later in later }
        self.items =
            rows.flatMap { row in
                row.lead.map { lead in
                    (ofLead[lead] ?? []).filter { window.contains($0.date) }.map { Item(contact: row.contact, lead: lead, activity: $0) }
                } ?? []
            }
            .sorted { ($0.activity.date, $1.contact) > ($1.activity.date, $0.contact) }
    }

    var json: JSONFact {
        .object([
            ("from", JSONFact(self.window.from)), ("to", JSONFact(self.window.to)), ("partial", .bool(self.isPartial)),
            (
                "items",
                .list(
                    self.items.map { item in
                        .object([
                            ("contact_id", JSONFact(item.contact.rawValue)), ("lead_id", JSONFact(item.lead.rawValue)),
                            ("activity_type_id", JSONFact(item.activity.kind.rawValue)), ("type", .text(item.activity.kind.name)),
                            ("channel", .text(item.activity.kind.channel.rawValue)), ("activity_date", JSONFact(item.activity.date)),
                            ("title", JSONFact(item.activity.title)),
                            ("attributes", .object(item.activity.details.map { ($0.name, JSONFact($0.value)) })),
                        ])
                    })
            ),
        ])
    }

    /// The web history, then the mail history (R57).
    func lines(_ words: Words, terminal: Terminal) -> [String] {
        var lines: [String] = []
        for channel in LeadActivityKind.Channel.allCases {
            let heading =
                switch channel {
                case .web: words.pick("Web history", "ウェブ履歴")
                case .mail: words.pick("Mail history", "メール履歴")
                }
            if !lines.isEmpty { lines.append("") }
            lines.append(heading)
            let items = self.items.filter { $0.activity.kind.channel == channel }
            guard !items.isEmpty else {
                lines.append(words.pick("Nothing in the two weeks before now.", "直近2週間のアクティビティはありません。"))
                continue
            }
            var table = Table([
                (words.pick("WHEN", "日時"), .left), (words.pick("CONTACT", "コンタクト"), .right), (words.pick("WHAT", "種類"), .left),
                (words.pick("ABOUT", "内容"), .left),
            ])
            for item in items {
                let moment = item.activity.date.formatted(Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: self.zone))
                table.add([
                    String(moment.prefix(16)), "\(item.contact)", words.pick(item.activity.kind.name, item.activity.kind.nameInJapanese),
                    item.activity.title ?? "",
                ])
            }
            lines += table.lines(columns: terminal.width)
        }
        if self.isPartial {
            lines += ["", words.pick("There may be more: Marketo's calls did not reach further.", "コール数の制限により、一部のみ表示しています。")]
        }
        return lines
    }
}
