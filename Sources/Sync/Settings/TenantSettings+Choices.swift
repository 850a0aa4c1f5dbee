/// A setting that is one of a few words; the first case is the default.
package protocol SettingChoice: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == String {}

extension TenantSettings {
    /// How a lead's account is found (R43, R47).
    package enum AccountMatch: String, SettingChoice { case domain, nameAndPhone = "name-and-phone" }
    /// Which of a lead's phones is compared and given to a new account (R48–R50).
    package enum PhoneField: String, SettingChoice { case phone, mainPhone, mobilePhone }
    /// A plain switch that is on unless said otherwise.
    package enum OnByDefault: String, SettingChoice { case on, off }
    /// A plain switch that is off unless said otherwise.
    package enum OffByDefault: String, SettingChoice { case off, on }
    /// Whether the domain strategy also looks for name and phone before it makes an account (D5).
    package enum MatchBeforeCreate: String, SettingChoice { case off, nameAndPhone = "name-and-phone" }
    /// Whether (株) and 株式会社 are one (R47).
    package enum LegalForm: String, SettingChoice { case distinct, fold }
    /// Whether +81 and 0 are one (R47).
    package enum PhoneCountry: String, SettingChoice { case off, japan = "81" }
    /// What becomes of a lead whose contact was deleted (D9).
    package enum DeletedContact: String, SettingChoice { case tombstone, recreate }
    /// What becomes of a lead without an e-mail address (D10).
    package enum LeadsWithoutEmail: String, SettingChoice { case register, quarantine }
    /// What a deleted deal does to the phase shown (D13).
    package enum DeletedDeal: String, SettingChoice { case keep, nullAlways = "null-always", nextBest = "next-best" }
    /// Whose lead receives a deal's phase (D2).
    package enum PhaseContacts: String, SettingChoice { case action, deal }
}
