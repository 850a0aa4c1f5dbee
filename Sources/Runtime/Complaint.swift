/// One plain sentence for the person who called, and the exit code that goes with it.
///
/// - Safe: a sentence names variables, files, hosts and ids, and never carries a secret or a customer's data.
package struct Complaint: Error, Sendable, Equatable, CustomStringConvertible {
    /// The sentence, without a program name before it and with its full stop.
    package let sentence: String
    /// The exit code.
    package let ending: Ending

    /// Says `sentence` and ends with `ending`.
    package init(_ sentence: String, ending: Ending = .failed) {
        self.sentence = sentence
        self.ending = ending
    }

    package var description: String { self.sentence }
}
