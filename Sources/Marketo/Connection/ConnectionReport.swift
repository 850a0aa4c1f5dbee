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

    /// Everything is as it should be.
    package var isOK: Bool { self.checks.allSatisfy(\.isOK) }
    /// The sync can begin.
    package var works: Bool { self.checks.allSatisfy { $0.isOK || !$0.isRequired } }
}
