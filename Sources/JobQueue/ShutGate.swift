package import FoundationEssentials

/// A gate that holds jobs back, until when and why.
package struct ShutGate: Sendable, Equatable {
    /// `tenant`, `kind:<kind>`, `kind:<kind>@<priority>`, or a kind's own.
    package let name: String
    /// `nil`: until somebody opens it.
    package let until: Date?
    /// As given by whoever shut it.
    package let reason: String
}
