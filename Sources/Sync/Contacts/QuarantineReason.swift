/// Why a lead is not registered as a contact.
///
/// It comes back by itself once it is mended in Marketo.
package enum QuarantineReason: String, Codable, Sendable, CaseIterable {
    /// R65.
    case emailInvalid = "email_invalid"
    /// Only with `leads-without-email=quarantine` (D10).
    case emailMissing = "email_missing"
    /// Greater or smaller than a contact can hold (32 bits).
    case scoreOutOfRange = "score_out_of_range"

    /// One sentence for the person who can mend it.
    package var sentence: String {
        switch self {
        case .emailInvalid: "The e-mail address is not valid; correct it in Marketo and the lead is registered at the next sync."
        case .emailMissing: "The lead has no e-mail address, and the setting leads-without-email holds such leads back."
        case .scoreOutOfRange: "The lead score is outside what a contact can hold (-2147483648 to 2147483647)."
        }
    }

    /// The same in Japanese.
    package var sentenceInJapanese: String {
        switch self {
        case .emailInvalid: "メールアドレスの形式が正しくありません。Marketoで修正すると、次回の同期で登録されます。"
        case .emailMissing: "メールアドレスが未入力です。設定 leads-without-email により登録を保留しています。"
        case .scoreOutOfRange: "リードスコアがコンタクトに登録できる範囲(-2147483648〜2147483647)を超えています。"
        }
    }
}
