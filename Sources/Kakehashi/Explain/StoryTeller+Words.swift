/// The words for what the record knows by short names.
extension StoryTeller {
    func changes(_ facts: [String: String]) -> String {
        let shown = ["lead_id", "lead_score", "acquisition_date"].compactMap { column -> String? in
            guard facts[column] != facts["old_" + column] else { return nil }
            return "\(self.field(column)) \(facts["old_" + column] ?? "–") → \(facts[column] ?? "–")"
        }
        return shown.isEmpty ? self.words.pick("nothing that is shown", "表示項目の変更なし") : shown.joined(separator: self.words.pick(", ", "、"))
    }

    func note(_ facts: [String: String]) -> String {
        let text = facts["text"] ?? ""
        guard self.words == .japanese else { return text }
        let titles = [
            "possible_duplicate": "重複の可能性", "email_conflict": "メールアドレスの競合", "email_invalid": "メールアドレスの形式不正", "lead_deleted": "リードの削除",
            "text_cleaned": "不正な文字の除去", "field_missing": "項目なし", "lead_refused": "リード作成の拒否", "lead_back": "リードの復活",
        ]
        return "メモ(\(titles[facts["note"] ?? ""] ?? facts["note"] ?? "–")): \(text)"
    }

    func rule(_ rule: String?) -> String {
        let rules = [
            "lead_id": (", by Lead ID", "(Lead IDが一致)"), "email": (", by e-mail address", "(メールアドレスが一致)"),
            "domain": (", by e-mail domain", "(メールドメイン)"), "name_and_phone": (", by name and phone", "(会社名と電話番号)"),
            "name": (", by name", "(会社名)"), "merge": (", by a merge in Marketo", "(Marketoでの統合)"),
        ]
        return rules[rule ?? ""].map { self.words.pick($0.0, $0.1) } ?? ""
    }

    func field(_ field: String?) -> String {
        let fields = [
            "phase": ("the phase", "フェーズ"), "status": ("the lead status", "リードステータス"), "name": ("the name", "氏名"),
            "email": ("the e-mail address", "メールアドレス"),
            "phone": ("the phone number", "電話番号"), "mobile_phone": ("the mobile phone number", "携帯電話番号"), "title": ("the title", "役職"),
            "department": ("the department", "部署"), "lead_id": ("Lead ID", "Lead ID"), "lead_score": ("lead score", "リードスコア"),
            "acquisition_date": ("acquisition date", "獲得日"),
        ]
        return fields[field ?? ""].map { self.words.pick($0.0, $0.1) } ?? field ?? "–"
    }

    func reason(_ reason: String?) -> String {
        let reasons = [
            "field_missing": ("Marketo has no such field", "Marketoに項目がありません"), "field_read_only": ("the field can't be written", "項目が読み取り専用です"),
            "lead_deleted": ("the lead was deleted", "リードが削除されています"), "lead_merged": ("the lead was merged into another", "リードが統合されています"),
            "contact_deleted": ("the contact was deleted", "コンタクトが削除されています"),
            "email_conflict": ("another lead has the address", "別のリードが使用中のメールアドレスです"),
            "email_invalid": ("the e-mail address is not valid", "メールアドレスの形式不正"), "email_missing": ("there is no e-mail address", "メールアドレス未入力"),
            "score_out_of_range": ("the score can't be held", "リードスコアが範囲外"),
        ]
        return reasons[reason ?? ""].map { self.words.pick($0.0, $0.1) } ?? reason ?? "–"
    }
}
