/// What the connection test found: a line for each name, always in the same order.
package struct ConnectionReport: Sendable {
    /// One for each name.
    package let checks: [ConnectionCheck]
    /// The fields, when they could be read.
    package let schema: LeadSchema?
    /// Today's calls, when they could be read.
    package let usage: Usage?
    /// Why the test came to an early end, if it did: for the exit code.
    package let failure: MarketoError?
    /// What held its calls back, if anything did: for the exit code.
    package let heldBack: HeldBack?

    /// Everything is as it should be.
    package var isOK: Bool { self.checks.allSatisfy(\.isOK) }
    /// The sync can begin.
    package var works: Bool { self.checks.allSatisfy { $0.isOK || !$0.isRequired } }
    /// Marketo has answered a call, be it only to say that a permission is absent: the credentials are good.
    package var provesCredentials: Bool {
        self.checks.contains { check in
            switch check.name {
            case .leadRead, .leadWrite, .activity: check.isOK || check.code == MarketoError.Code.accessDenied.rawValue
            case .endpoint, .credentials, .phaseField, .statusField, .acquisitionDateField, .quota: false
            }
        }
    }
}
