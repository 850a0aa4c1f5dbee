/// The web and mail activities that sales people may look at: exactly the ten types that one call may carry (R19).
///
/// The numbers are the same in every subscription, so none is spent on asking for them. Source: REQUIREMENTS R19, reference 5.4.
package enum LeadActivityKind: Int, Sendable, CaseIterable, Codable {
    case visitWebpage = 1
    case fillOutForm = 2
    case clickLink = 3
    case sendEmail = 6
    case emailDelivered = 7
    case emailBounced = 8
    case unsubscribeEmail = 9
    case openEmail = 10
    case clickEmail = 11
    case emailBouncedSoft = 27

    /// In which of the two lists it is shown (R57).
    package enum Channel: String, Sendable, CaseIterable {
        case web, mail
    }

    /// In which of the two lists it is shown (R57).
    package var channel: Channel {
        switch self {
        case .visitWebpage, .fillOutForm, .clickLink: .web
        case .sendEmail, .emailDelivered, .emailBounced, .unsubscribeEmail, .openEmail, .clickEmail, .emailBouncedSoft: .mail
        }
    }

    /// What Marketo calls it.
    package var name: String {
        switch self {
        case .visitWebpage: "Visit Webpage"
        case .fillOutForm: "Fill Out Form"
        case .clickLink: "Click Link"
        case .sendEmail: "Send Email"
        case .emailDelivered: "Email Delivered"
        case .emailBounced: "Email Bounced"
        case .unsubscribeEmail: "Unsubscribe Email"
        case .openEmail: "Open Email"
        case .clickEmail: "Click Email"
        case .emailBouncedSoft: "Email Bounced Soft"
        }
    }

    /// The same for sales people in Japan.
    package var nameInJapanese: String {
        switch self {
        case .visitWebpage: "ページ閲覧"
        case .fillOutForm: "フォーム入力"
        case .clickLink: "リンククリック"
        case .sendEmail: "メール送信"
        case .emailDelivered: "メール到達"
        case .emailBounced: "メール不達"
        case .unsubscribeEmail: "配信停止"
        case .openEmail: "メール開封"
        case .clickEmail: "メール内リンククリック"
        case .emailBouncedSoft: "メール不達(一時的)"
        }
    }
}
