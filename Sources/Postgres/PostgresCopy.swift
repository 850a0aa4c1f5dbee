/// Rows that go into a table in one stream: for many of them little more than half of what a statement of theirs would cost the server.
///
/// - Shape: `COPY … FROM STDIN` in its text form, and the rows a bite at a time, each made while the server reads those before it.
/// - Ends: a row that a constraint refuses, or an error of `next`, and none of them is written.
package protocol PostgresCopy: Sendable {
    /// The whole text, which names the columns.
    static var sql: String { get }
    /// The next rows, in the order in which they are to be written; `nil` after the last.
    mutating func next() throws -> CopyText?
}
