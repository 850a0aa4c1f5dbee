/// A program ended which should have gone on.
package struct ChildEnded: Error, Sendable {
    /// Such as "worker 1".
    package let name: String
    /// How it ended.
    package let ending: ChildEnding
    /// What it said before.
    package let log: ChildLog
}
