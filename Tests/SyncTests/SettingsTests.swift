import Foundation
import Sync
import Testing

@Suite struct SettingsTests {
    @Test func `every setting has the default that the contract names`() throws {
        let defaults: [SettingKey: String] = [
            .accountMatch: "domain", .phoneField: "phone", .freeMailGuard: "on", .freeMailDomains: "", .ownDomains: "", .matchBeforeCreate: "off",
            .legalForm: "distinct", .phoneCountry: "off", .deletedContact: "tombstone", .leadsWithoutEmail: "register", .deletedDeal: "keep",
            .phaseContacts: "action", .pushExisting: "off", .pushEdits: "on", .phaseField: "mazrica_phase", .statusField: "", .dailyLimit: "50000",
            .quotaZone: "America/Chicago", .callsPer20Seconds: "50", .concurrentCalls: "5", .sweepMinute: "", .sweepDays: "7",
            .timeZone: "Asia/Tokyo", .coalesceSeconds: "30",
        ]
        #expect(defaults.count == SettingKey.allCases.count)
        for key in SettingKey.allCases { #expect(TenantSettings()[key] == defaults[key]) }
        // Each default can be typed as well.
        for key in SettingKey.allCases { #expect(try TenantSettings(overrides: [key.rawValue: TenantSettings()[key]])[key] == defaults[key]) }
    }

    @Test func `what was set by hand is kept in its normal spelling, and nothing else is`() throws {
        var settings = TenantSettings()
        try settings.set(" Phone-Field ", " MAINPHONE ")
        try settings.set("own-domains", "B.jp、 a.jp")
        try settings.set("daily-limit", "00100")
        #expect(settings.overrides == ["phone-field": "mainPhone", "own-domains": "a.jp,b.jp", "daily-limit": "100"])
        #expect(settings.phoneField == .mainPhone)
        let stored = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode([String: String].self, from: stored) == settings.overrides)
        #expect(try JSONDecoder().decode(TenantSettings.self, from: stored) == settings)
    }

    @Test(arguments: [
        ("account-match", "e-mail", "domain or name-and-phone"), ("daily-limit", "many", "a whole number from 1 to 10000000"),
        ("daily-limit", "", "a whole number"), ("daily-limit", "-1", "a whole number"), ("daily-limit", "99999999999999999999", "a whole number"),
        ("calls-per-20s", "101", "from 1 to 100"), ("concurrent-calls", "11", "from 1 to 10"), ("sweep-minute", "60", "from 0 to 59"),
        ("time-zone", "JST", "a time zone"), ("time-zone", "Asia/Nowhere", "a time zone"), ("own-domains", "example", "domains"),
        ("own-domains", "a b@c.jp", "domains"), ("phase-field", "マツリカ", "REST name"), ("phase-field", "", "REST name"),
    ])
    func `an invalid value is one sentence that names the setting and what is allowed`(key: String, value: String, allowed: String) throws {
        let error = try #require(throws: SettingError.self) { try TenantSettings(overrides: [key: value]) }
        #expect(error.description.contains(key))
        #expect(error.description.contains(allowed))
        #expect(value.isEmpty || !error.description.contains("given \(value)"))
        #expect(!error.description.contains("\n"))
    }

    @Test func `an unknown setting is told which there are, and a refused one changes nothing`() throws {
        let error = try #require(throws: SettingError.self) { try TenantSettings(overrides: ["colour": "red"]) }
        for key in SettingKey.allCases { #expect(error.description.contains(key.rawValue)) }
        var settings = TenantSettings()
        #expect(throws: SettingError.self) { try settings.set("sweep-days", "0") }
        #expect(settings == TenantSettings())
    }

    @Test func `an empty status-field or sweep-minute means by itself`() throws {
        let settings = try TenantSettings(overrides: ["status-field": " ", "sweep-minute": ""])
        #expect(settings.statusField == nil)
        #expect(settings.sweepMinute == nil)
        #expect(try TenantSettings(overrides: ["status-field": "Lead_status", "sweep-minute": "0"]).sweepMinute == 0)
    }
}
