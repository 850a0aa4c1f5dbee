import Simulator
import Store
import Sync

extension TruthAudit {
    /// A contact reads as one of its leads did once, but for what a user wrote, and shows what its lead says now (R5, R40, R63, D4, D18).
    mutating func lookAt(_ contact: ContactAudit) {
        let record = "contact \(contact.id)"
        let links = self.linksOfContact[contact.id.rawValue] ?? []
        let isByHand = self.users.made.contains(contact.id.rawValue)
        guard !links.isEmpty else {
            // Each of them had an address that nobody had (R58), if it was not a lead's that another contact went over to since (R42).
            if isByHand, self.leftAlone.contains(contact.id.rawValue) { return }
            return self.say(isByHand ? .lost : .doubled, record, "no lead leads to it")
        }
        if contact.account == nil { self.say(.lost, record, "it has no account") }
        self.lookAtShown(contact, links)
        let edits = self.users.edits[contact.id.rawValue] ?? [:]
        let isMadeSo = links.contains { link in
            self.life.versions(of: link.lead.rawValue).contains { version in
                // While the field was hidden nobody could read it.
                [edits, edits.merging(["title": ""]) { $1 }].contains { Self.texts(of: version, edits: $0) == contact.texts }
            }
        }
        if !isByHand, !isMadeSo { self.say(.altered, record, "it reads unlike any of its leads, \(links.map(\.lead)), ever did") }
        if isByHand, contact.texts != Self.texts(of: nil, edits: edits) { self.say(.altered, record, "it reads unlike what a user wrote") }
    }

    private mutating func lookAtShown(_ contact: ContactAudit, _ links: [LinkAudit]) {
        let record = "contact \(contact.id)"
        let active = links.filter { $0.state == "active" }
        guard let shown = contact.shown.leadID else { return self.say(.stale, record, "it shows no lead") }
        let isGone = links.contains { $0.lead == shown && $0.state == "lead_deleted" }
        guard shown == active.map(\.lead).min() || isGone else {
            return self.say(.stale, record, "it shows lead \(shown), its links are \(links.map { "\($0.lead) \($0.state)" })")
        }
        // Of one that is gone the last that was read, whichever that was; or, if it never was, of the lead that went up in it.
        let known =
            self.life.marketo.lead(shown.rawValue) == nil
            ? links.flatMap { self.life.versions(of: $0.lead.rawValue) } : self.life.versions(of: shown.rawValue).suffix(1)
        let isKnown = known.contains { lead in
            let three = ThreeFields(lead)
            guard self.life.marketo.lead(shown.rawValue) == nil else { return three == contact.shown }
            return (contact.shown.score == nil || contact.shown.score == three.score)
                && (contact.shown.acquisitionDate == nil || contact.shown.acquisitionDate == three.acquisitionDate)
        }
        if !isKnown {
            self.say(.stale, record, "it shows \(contact.shown), lead \(shown) is \(known.map { ThreeFields($0) })")
        }
        for link in links where link.isPrimary != (link.lead == shown) {
            self.say(.stale, "lead \(link.lead)", "it is \(link.isPrimary ? "" : "not ")the primary of contact \(contact.id)")
        }
    }

    /// What a contact made of a lead reads (CONTRACT 4), with a user's edits over it; an edit to nothing is none.
    private static func texts(of lead: Lead?, edits: [String: String]) -> ContactTexts {
        func text(_ column: String, _ made: String?) -> String? {
            guard let edit = edits[column] else { return made }
            return edit.isEmpty ? nil : edit
        }
        return ContactTexts(
            name: text("name", lead?.contactName), email: text("email", PlainText.nonBlank(lead?.email).map(PlainText.trimmed)),
            phone: text("phone", PlainText.nonBlank(lead?.phone)), mobilePhone: text("mobile_phone", PlainText.nonBlank(lead?.mobilePhone)),
            department: text("department", PlainText.nonBlank(lead?.department)), title: text("title", PlainText.nonBlank(lead?.title)))
    }
}
