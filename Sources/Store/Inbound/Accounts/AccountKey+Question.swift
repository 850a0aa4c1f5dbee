import Sync

extension AccountKey {
    /// The domain, if it is looked for by one.
    var domain: EmailDomain? { if case .domain(let domain) = self { domain } else { nil } }

    /// The question for name and phone, if it is looked for by these.
    func nameQuestion(_ country: TenantSettings.PhoneCountry) -> FindAccountsByName.Question? {
        guard case .nameAndPhone(let name, let phone) = self else { return nil }
        return FindAccountsByName.Question(name: name.text, phones: phone?.spellings(country: country) ?? [])
    }
}
