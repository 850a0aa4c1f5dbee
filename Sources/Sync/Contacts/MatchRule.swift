/// Why a lead and a contact belong together; the raw value is what `explain` shows.
///
/// Source: R40–R42.
package enum MatchRule: String, Codable, Sendable, CaseIterable {
    /// The contact has the lead's id (R40).
    case leadID = "lead-id"
    /// The oldest contact with the lead's e-mail address (R41).
    case email
    /// No contact matched, so one was made of the lead (R7).
    case new
}
