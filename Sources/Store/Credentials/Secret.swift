/// Something that must never be seen: a client secret, a token.
///
/// It can't be printed, logged, dumped or encoded by accident; `reveal()` is the one way to it, and easy to search for.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// Hides `text` from here on.
    package init(_ text: String) { self.text = text }

    /// The text itself, for the one call that needs it.
    package func reveal() -> String { self.text }

    /// Whether there is nothing to hide.
    package var isEmpty: Bool { self.text.isEmpty }

    /// Always the same word.
    package var description: String { "(secret)" }
    /// Always the same word.
    package var debugDescription: String { "(secret)" }
    /// Nothing to see, not even how long it is.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
