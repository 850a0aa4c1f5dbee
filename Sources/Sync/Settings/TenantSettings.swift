/// How one tenant wants its sync: every choice that an owner has, each with its default.
///
/// Stored and read as a flat object of texts that holds what was set by hand. Source: CONTRACT 3, REQUIREMENTS section 9.
package struct TenantSettings: Hashable, Sendable {
    package var accountMatch = AccountMatch.domain
    package var phoneField = PhoneField.phone
    /// D15.
    package var freeMailGuard = OnByDefault.on
    /// Added to the built-in list (D15).
    package var freeMailDomains: Set<EmailDomain> = []
    /// The team's own (D16).
    package var ownDomains: Set<EmailDomain> = []
    package var matchBeforeCreate = MatchBeforeCreate.off
    package var legalForm = LegalForm.distinct
    package var phoneCountry = PhoneCountry.off
    package var deletedContact = DeletedContact.tombstone
    package var leadsWithoutEmail = LeadsWithoutEmail.register
    package var deletedDeal = DeletedDeal.keep
    package var phaseContacts = PhaseContacts.action
    /// Contacts that existed before set-up (D8).
    package var pushExisting = OffByDefault.off
    /// Edits of contacts by users (section 8).
    package var pushEdits = OnByDefault.on
    /// REST name of the field that shows a deal's phase (R36).
    package var phaseField = "mazrica_phase"
    /// REST name of the field that shows the last activity (R55); `nil` = found by describe.
    package var statusField: String?
    /// Calls of the whole subscription in one of the vendor's days.
    package var dailyLimit = 50_000
    /// Where the vendor's day turns.
    package var quotaZone = "America/Chicago"
    package var callsPer20Seconds = 50
    package var concurrentCalls = 5
    /// Minute of the hour; `nil` = spread by name, see `SweepMinute`.
    package var sweepMinute: Int?
    /// Within how many days every block is read again.
    package var sweepDays = 7
    /// The team's own.
    package var timeZone = "Asia/Tokyo"
    /// How long changes of one lead are gathered before they are sent.
    package var coalesceSeconds = 30
    /// What was set by hand, in its normal spelling.
    package private(set) var overrides: [String: String] = [:]

    /// All defaults.
    package init() {}

    /// The defaults with `overrides` over them.
    package init(overrides: [String: String]) throws(SettingError) {
        for (key, value) in overrides.sorted(by: { $0.key < $1.key }) { try self.set(key, value) }
    }

    /// Sets one by name, as a person types it.
    ///
    /// On an error nothing has changed.
    package mutating func set(_ name: String, _ value: String) throws(SettingError) {
        guard let key = SettingKey(rawValue: PlainText.asciiLowered(PlainText.trimmed(name))) else { throw .unknown() }
        try self.set(key, PlainText.trimmed(value))
        self.overrides[key.rawValue] = self[key]
    }

    private mutating func set(_ key: SettingKey, _ value: String) throws(SettingError) {
        let reader = SettingReader(key: key, value: value)
        switch key {
        case .accountMatch: self.accountMatch = try reader.choice()
        case .phoneField: self.phoneField = try reader.choice()
        case .freeMailGuard: self.freeMailGuard = try reader.choice()
        case .freeMailDomains: self.freeMailDomains = try reader.domains()
        case .ownDomains: self.ownDomains = try reader.domains()
        case .matchBeforeCreate: self.matchBeforeCreate = try reader.choice()
        case .legalForm: self.legalForm = try reader.choice()
        case .phoneCountry: self.phoneCountry = try reader.choice()
        case .deletedContact: self.deletedContact = try reader.choice()
        case .leadsWithoutEmail: self.leadsWithoutEmail = try reader.choice()
        case .deletedDeal: self.deletedDeal = try reader.choice()
        case .phaseContacts: self.phaseContacts = try reader.choice()
        case .pushExisting: self.pushExisting = try reader.choice()
        case .pushEdits: self.pushEdits = try reader.choice()
        case .phaseField: self.phaseField = try reader.fieldName()
        case .statusField: self.statusField = value.isEmpty ? nil : try reader.fieldName()
        case .dailyLimit: self.dailyLimit = try reader.number(in: 1...10_000_000)
        case .quotaZone: self.quotaZone = try reader.zone()
        case .callsPer20Seconds: self.callsPer20Seconds = try reader.number(in: 1...100)
        case .concurrentCalls: self.concurrentCalls = try reader.number(in: 1...10)
        case .sweepMinute: self.sweepMinute = value.isEmpty ? nil : try reader.number(in: 0...59)
        case .sweepDays: self.sweepDays = try reader.number(in: 1...365)
        case .timeZone: self.timeZone = try reader.zone()
        case .coalesceSeconds: self.coalesceSeconds = try reader.number(in: 0...60)
        }
    }

    /// What a setting now is, as it would be typed.
    package subscript(key: SettingKey) -> String {
        switch key {
        case .accountMatch: self.accountMatch.rawValue
        case .phoneField: self.phoneField.rawValue
        case .freeMailGuard: self.freeMailGuard.rawValue
        case .freeMailDomains: self.freeMailDomains.sorted().map(\.text).joined(separator: ",")
        case .ownDomains: self.ownDomains.sorted().map(\.text).joined(separator: ",")
        case .matchBeforeCreate: self.matchBeforeCreate.rawValue
        case .legalForm: self.legalForm.rawValue
        case .phoneCountry: self.phoneCountry.rawValue
        case .deletedContact: self.deletedContact.rawValue
        case .leadsWithoutEmail: self.leadsWithoutEmail.rawValue
        case .deletedDeal: self.deletedDeal.rawValue
        case .phaseContacts: self.phaseContacts.rawValue
        case .pushExisting: self.pushExisting.rawValue
        case .pushEdits: self.pushEdits.rawValue
        case .phaseField: self.phaseField
        case .statusField: self.statusField ?? ""
        case .dailyLimit: String(self.dailyLimit)
        case .quotaZone: self.quotaZone
        case .callsPer20Seconds: String(self.callsPer20Seconds)
        case .concurrentCalls: String(self.concurrentCalls)
        case .sweepMinute: self.sweepMinute.map(String.init) ?? ""
        case .sweepDays: String(self.sweepDays)
        case .timeZone: self.timeZone
        case .coalesceSeconds: String(self.coalesceSeconds)
        }
    }
}

extension TenantSettings: Codable {
    /// From a flat object of texts.
    package init(from decoder: any Decoder) throws { try self.init(overrides: [String: String](from: decoder)) }

    /// As a flat object of what was set by hand.
    package func encode(to encoder: any Encoder) throws { try self.overrides.encode(to: encoder) }
}
