/// How a program ended.
package enum ChildEnding: Sendable, Equatable {
    /// By itself, with this exit code.
    case exited(Int32)
    /// By a signal, such as 9 of `kill -9`.
    case signalled(Int32)

    /// Whether it ended well.
    package var isGood: Bool { self == .exited(0) }
}
