package import Foundation

/// What a program says, its errors included, in a file of its own.
package struct ChildLog: Sendable {
    /// Who says it, such as "worker 1".
    package let name: String
    /// Where it is written.
    package let file: URL

    /// All of it so far, as it was written: not fit for a terminal without more ado.
    package var text: String { (try? String(decoding: Data(contentsOf: self.file), as: UTF8.self)) ?? "" }

    /// The last lines of it, likewise.
    package func tail(lines: Int) -> String { self.text.split(separator: "\n").suffix(lines).joined(separator: "\n") }
}
