/// What a value looks like, without telling what it is: "a number", "a text of 12 characters".
///
/// For complaints about settings: a secret pasted into the wrong variable must not end up in a log.
package struct ValueShape: Sendable, CustomStringConvertible {
    package let description: String

    /// The shape of `text`.
    ///
    /// Numbers of up to seven digits are told as they are: nobody's password is `0`.
    package init(_ text: String) {
        if text.utf8.count <= 7, let number = Int(text) {
            self.description = "\(number)"
        } else if text.isEmpty {
            self.description = "empty"
        } else if text.allSatisfy({ $0.isNumber }) {
            self.description = "a number of \(text.count) digits"
        } else {
            self.description = "a text of \(text.count) character\(text.count == 1 ? "" : "s")"
        }
    }
}
