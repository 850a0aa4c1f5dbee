import Foundation
import Store
import Sync

/// Tells the events of a person's story in sentences that a colleague in sales can be shown.
struct StoryTeller: Sendable {
    let words: Words

    /// The story with its sentences.
    func tell(_ story: [FindStory.Row]) -> [ToldEvent] { story.map { ToldEvent(event: $0, text: self.sentence(on: $0)) } }

    private func sentence(on event: FindStory.Row) -> String {
        let facts = (try? JSONDecoder().decode([String: String].self, from: Data(event.facts.utf8))) ?? [:]
        if event.kind.hasPrefix("user_") { return self.deed(String(event.kind.dropFirst(5)), facts) }
        if event.kind.hasPrefix("push") { return self.push(event, facts) }
        return self.step(event, facts)
    }

    /// What the sync read, decided and wrote here.
    private func step(_ event: FindStory.Row, _ facts: [String: String]) -> String {
        let lead = event.lead.map { "\($0.rawValue)" } ?? "–"
        let why = self.rule(facts["rule"])
        let account = facts["account"] ?? "–"
        switch event.kind {
        case "lead_read": return self.words.pick("Lead \(lead) was last read from Marketo.", "リード \(lead) をMarketoから最後に読み取りました。")
        case "contact_created":
            let home = facts["account"].map { self.words.pick(", in the account “\($0)”", "(取引先「\($0)」)") } ?? ""
            return self.words.pick(
                "A contact “\(facts["name"] ?? "–")” was made of lead \(lead)\(home).",
                "リード \(lead) からコンタクト「\(facts["name"] ?? "–")」を作成しました\(home)。")
        case "contact_linked":
            return self.words.pick("Lead \(lead) and the contact are the same person\(why).", "リード \(lead) とコンタクトを同一人物として紐付けました\(why)。")
        case "contact_updated":
            return self.words.pick(
                "The contact shows lead \(lead)'s news: \(self.changes(facts)).", "リード \(lead) の変更をコンタクトに反映しました: \(self.changes(facts))。")
        case "account_created":
            return self.words.pick("The account “\(account)” was made\(why).", "取引先「\(account)」を作成しました\(why)。")
        case "account_linked":
            return self.words.pick("The contact was put into the account “\(account)”\(why).", "コンタクトを取引先「\(account)」に紐付けました\(why)。")
        case "lead_quarantined":
            return self.words.pick(
                "Lead \(lead) can't be registered (\(facts["reason"] ?? "–"): “\(facts["value"] ?? "")”); it is as soon as it is mended in Marketo.",
                "リード \(lead) は登録できません(\(self.reason(facts["reason"])):「\(facts["value"] ?? "")」)。Marketoで修正すると登録されます。")
        case "lead_healed":
            return self.words.pick("Lead \(lead) was mended in Marketo, and can be registered.", "リード \(lead) はMarketoで修正され、登録できるようになりました。")
        case "lead_deleted":
            return self.words.pick("Lead \(lead) was deleted in Marketo; the contact stays.", "リード \(lead) はMarketoで削除されました。コンタクトは残ります。")
        case "lead_merged":
            let loser = facts["old_lead_id"] ?? "–"
            return self.words.pick("Lead \(loser) was merged into lead \(lead) in Marketo.", "リード \(loser) はMarketoでリード \(lead) に統合されました。")
        case "lead_held_back":
            return self.words.pick(
                "Lead \(lead) makes no new contact, as its contact was deleted here.", "コンタクトが削除されているため、リード \(lead) から新しいコンタクトは作成しません。")
        case "lead_created":
            return self.words.pick("Lead \(lead) was made of the contact in Marketo.", "コンタクトからMarketoにリード \(lead) を作成しました。")
        case "note": return self.note(facts)
        default: return event.kind.replacing("_", with: " ")
        }
    }

    /// What went to Marketo, or did not.
    private func push(_ event: FindStory.Row, _ facts: [String: String]) -> String {
        let lead = event.lead.map { "\($0.rawValue)" } ?? "–"
        let field = self.field(facts["field"])
        let value = facts["value"].map { self.words.pick("“\($0)”", "「\($0)」") } ?? self.words.pick("nothing", "空欄")
        let reason = self.reason(facts["reason"] ?? facts["rule"])
        switch event.kind == "push_now" ? "push_\(facts["state"] ?? "")" : event.kind {
        case "pushed": return self.words.pick("Marketo's lead \(lead) shows \(field) \(value).", "Marketoのリード \(lead) の\(field)を\(value)に更新しました。")
        case "push_refused":
            return self.words.pick(
                "Marketo does not take \(field) \(value) for lead \(lead): \(reason). It is sent again when the value changes.",
                "Marketoはリード \(lead) の\(field)\(value)を受け付けません: \(reason)。値が変わると再送します。")
        case "push_parked":
            return self.words.pick(
                "\(field) \(value) is not sent to lead \(lead) for now: \(reason).", "リード \(lead) の\(field)\(value)は送信を保留しています: \(reason)。")
        default:
            return self.words.pick("\(field) \(value) is on its way to lead \(lead).", "リード \(lead) の\(field)\(value)をMarketoへ送信中です。")
        }
    }

    /// What a team did in Mazrica.
    private func deed(_ kind: String, _ facts: [String: String]) -> String {
        let deal = facts["deal"] ?? "–"
        let phase = facts["phase"] ?? "–"
        let activity = facts["activity"] ?? "–"
        switch kind {
        case "contact_created": return self.words.pick("The contact was made in Mazrica.", "コンタクトがMazricaで作成されました。")
        case "contact_edited":
            let fields = (facts["fields"] ?? "").split(separator: ", ").map { self.field(String($0)) }.joined(separator: self.words.pick(", ", "、"))
            return self.words.pick("A user edited \(fields).", "ユーザーが\(fields)を編集しました。")
        case "contact_deleted":
            return self.words.pick("A user deleted the contact; its lead stays in Marketo.", "ユーザーがコンタクトを削除しました。Marketoのリードは残ります。")
        case "contact_restored": return self.words.pick("A user restored the contact.", "ユーザーがコンタクトを復元しました。")
        case "action_contact_added":
            let done = facts["activity"].map { self.words.pick(" (\($0), completed)", "(\($0)・完了)") } ?? ""
            guard facts["deal"] != nil else {
                return self.words.pick("The contact takes part in an action\(done).", "コンタクトがアクション\(done)のアクションコンタクトに登録されました。")
            }
            return self.words.pick(
                "The contact takes part in an action\(done) of the deal “\(deal)”, phase “\(phase)”.",
                "案件「\(deal)」(フェーズ「\(phase)」)のアクション\(done)のアクションコンタクトに登録されました。")
        case "action_contact_removed":
            return self.words.pick(
                "The contact takes part in an action no more; Marketo keeps what it shows.", "アクションコンタクトから外れました。Marketoの表示は変わりません。")
        case "action_completed": return self.words.pick("An action with the contact was completed: \(activity).", "アクション「\(activity)」が完了しました。")
        case "action_corrected":
            return self.words.pick("The kind of a completed action was corrected: \(activity).", "完了済みアクションの種別が「\(activity)」に修正されました。")
        case "action_moved":
            return self.words.pick(
                "An action with the contact belongs to the deal “\(deal)” now, phase “\(phase)”.", "アクションが案件「\(deal)」(フェーズ「\(phase)」)に移りました。")
        case "phase_changed": return self.words.pick("The deal “\(deal)” is in the phase “\(phase)” now.", "案件「\(deal)」のフェーズが「\(phase)」になりました。")
        case "deal_deleted": return self.words.pick("The deal “\(deal)” was deleted.", "案件「\(deal)」が削除されました。")
        default: return kind.replacing("_", with: " ")
        }
    }
}
