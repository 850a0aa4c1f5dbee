/// Which account a lead's contact belongs to: how it is looked for, and what it is made of if there is none.
///
/// Pure: decided from the lead and the settings alone. Source: R43–R51, D1, D5, D6, D15–D18.
package struct AccountPlan: Hashable, Sendable {
    /// What the one account is called that has no name (D1).
    package static let placeholderName = "(会社名未設定)"

    /// The ways to look, in order; the first that finds one ends it.
    ///
    /// Never empty; the last is also what the new account answers to.
    package let lookups: [AccountKey]
    /// A new account's name (R51, D1).
    package let accountName: String
    /// A new account's phone, as received (R49); the placeholder has none, as it belongs to many.
    package let accountPhone: String?

    /// Work under the same key is done in turn, so that no account is made twice.
    package var key: AccountKey { self.lookups.first ?? .placeholder }

    /// The decision.
    package init(lead: Lead, settings: TenantSettings) { self.init(lead: lead, email: EmailAddress.read(lead.email), settings: settings) }

    /// The decision for a lead whose address has been read already.
    package init(lead: Lead, email: EmailAddress.Reading, settings: TenantSettings) {
        let phone = lead.phone(settings.phoneField)
        let company = PlainText.nonBlank(lead.company)
        // Only where they are asked for: the normal form of a Japanese name takes longer than all else here.
        let named = { (name: String) in
            CompanyKey(name, legalForm: settings.legalForm).map { AccountKey.nameAndPhone($0, PhoneKey(phone, country: settings.phoneCountry)) }
        }
        // An address that can't be one says nothing about a company either.
        let domain: EmailDomain? = if case .valid(let address) = email { address.domain } else { nil }
        let usable = domain.flatMap { settings.guards($0) ? nil : $0 }

        switch (settings.accountMatch, usable, company) {
        case (.domain, let usable?, let company):
            let alsoByName = settings.matchBeforeCreate == .nameAndPhone ? company.flatMap(named) : nil
            self.init(lookups: [.domain(usable)] + [alsoByName].compactMap(\.self), name: company ?? usable.text, phone: phone)
        case (.nameAndPhone, _, let company?), (.domain, nil, let company?):
            self.init(lookups: [named(company) ?? .placeholder], name: company, phone: phone)
        case (.nameAndPhone, let usable?, nil):
            // Named after the domain (D1), and found again by that name, under the rule that this strategy has: name and phone.
            self.init(lookups: [named(usable.text) ?? .placeholder], name: usable.text, phone: phone)
        case (_, nil, nil):
            self.init(lookups: [.placeholder], name: Self.placeholderName, phone: nil)
        }
    }

    private init(lookups: [AccountKey], name: String, phone: String?) {
        self.lookups = lookups
        self.accountName = name
        self.accountPhone = phone
    }
}

extension Lead {
    /// The phone that the setting names; blank = `nil`.
    ///
    /// The others are never looked at (R48).
    package func phone(_ field: TenantSettings.PhoneField) -> String? {
        switch field {
        case .phone: PlainText.nonBlank(self.phone)
        case .mainPhone: PlainText.nonBlank(self.mainPhone)
        case .mobilePhone: PlainText.nonBlank(self.mobilePhone)
        }
    }
}
