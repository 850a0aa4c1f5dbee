/// What can be set for a tenant; the raw values are the names that people type.
///
/// Source: CONTRACT 3.
package enum SettingKey: String, CaseIterable, Sendable {
    case accountMatch = "account-match"
    case phoneField = "phone-field"
    case freeMailGuard = "free-mail-guard"
    case freeMailDomains = "free-mail-domains"
    case ownDomains = "own-domains"
    case matchBeforeCreate = "match-before-create"
    case legalForm = "legal-form"
    case phoneCountry = "phone-country"
    case deletedContact = "deleted-contact"
    case leadsWithoutEmail = "leads-without-email"
    case deletedDeal = "deleted-deal"
    case phaseContacts = "phase-contacts"
    case pushExisting = "push-existing"
    case pushEdits = "push-edits"
    case phaseField = "phase-field"
    case statusField = "status-field"
    case dailyLimit = "daily-limit"
    case quotaZone = "quota-zone"
    case callsPer20Seconds = "calls-per-20s"
    case concurrentCalls = "concurrent-calls"
    case sweepMinute = "sweep-minute"
    case sweepDays = "sweep-days"
    case timeZone = "time-zone"
    case coalesceSeconds = "coalesce-seconds"
}
