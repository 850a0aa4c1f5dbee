/// One line of the connection test.
package struct ConnectionCheck: Sendable, Equatable {
    /// What was looked at; fixed names (CONTRACT 3).
    package enum Name: String, Sendable, CaseIterable {
        case endpoint = "endpoint"
        case credentials = "credentials"
        case leadRead = "permission:lead-read"
        case leadWrite = "permission:lead-write"
        case activity = "permission:activity"
        case phaseField = "field:mazrica_phase"
        case statusField = "field:lead-status"
        case acquisitionDateField = "field:acquisition-date"
        case quota = "quota"
    }

    /// What was looked at.
    package let name: Name
    /// Whether it is as it should be; a warning is.
    package let isOK: Bool
    /// A word for programs: `ok`, `not_checked`, `missing`, `wrong_type`, `read_only`, or an error's own code.
    package let code: String
    /// One plain sentence for a person, without a secret or an address in it.
    package let text: String

    package init(_ name: Name, isOK: Bool, code: String, text: String) {
        self.name = name
        self.isOK = isOK
        self.code = code
        self.text = text
    }

    /// Whether the sync can't begin at all without it.
    ///
    /// Fields can be made later (R66, R67) and a quota comes back.
    package var isRequired: Bool {
        switch self.name {
        case .endpoint, .credentials, .leadRead, .leadWrite, .activity: true
        case .phaseField, .statusField, .acquisitionDateField, .quota: false
        }
    }
}
