package import FoundationEssentials

/// A process that takes jobs, as others see it.
package struct WorkerSeen: Sendable, Equatable {
    /// Random, new with each start.
    package let id: UUID
    /// The machine's name.
    package let host: String
    /// Its number there.
    package let pid: Int
    /// The program's version.
    package let version: String
    /// How many jobs it holds.
    package let running: Int
    /// When it began.
    package let startedAt: Date
    /// Its last sign of life.
    package let seenAt: Date
}
