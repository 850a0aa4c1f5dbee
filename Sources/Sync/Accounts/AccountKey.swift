/// By what an account is looked for; equal keys lead to one account.
///
/// Text form, stable, for unique job keys and the database: `domain:example.co.jp`; `name:0312345678:株式会社A` (no phone: `name::株式会社A`), with
/// `legal-form=fold` `folded-name:…`; `placeholder`. Its length has no limit: who indexes it takes `crm.index_key` of it. Source: R43–R47.
package enum AccountKey: Hashable, Sendable, CustomStringConvertible {
    /// The account of the oldest contact with this domain (R44–R46).
    case domain(EmailDomain)
    /// The account with this name and this phone; no phone equals no phone (R47, D6).
    case nameAndPhone(CompanyKey, PhoneKey?)
    /// The one account of those who have neither company nor domain (D1).
    case placeholder

    /// The text form.
    package var text: String {
        switch self {
        case .domain(let domain): "domain:\(domain.text)"
        case .nameAndPhone(let name, let phone): "\(name.legalForm == .fold ? "folded-name" : "name"):\(phone?.digits ?? ""):\(name.text)"
        case .placeholder: "placeholder"
        }
    }

    /// The key of a text form; `nil` if it is none.
    package init?(text: String) {
        let parts = text.unicodeScalars.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map { String($0) }
        switch (parts.first, parts.count) {
        case ("placeholder", 1): self = .placeholder
        case ("domain", 2):
            guard let domain = EmailDomain(domain: parts[1]) else { return nil }
            self = .domain(domain)
        case ("name", 3), ("folded-name", 3):
            guard !parts[2].isEmpty, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            let name = CompanyKey(stored: parts[2], legalForm: parts[0] == "name" ? .distinct : .fold)
            self = .nameAndPhone(name, parts[1].isEmpty ? nil : PhoneKey(stored: parts[1]))
        default: return nil
        }
    }

    /// The text form.
    package var description: String { self.text }

    /// What an audit row calls the rule by which an account was found: `domain`, `name_and_phone`, `placeholder`.
    package var rule: String {
        switch self {
        case .domain: "domain"
        case .nameAndPhone: "name_and_phone"
        case .placeholder: "placeholder"
        }
    }
}
