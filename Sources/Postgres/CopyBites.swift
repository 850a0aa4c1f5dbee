/// The rows of a COPY as they are asked for, and what was wrong with them.
final class CopyBites<C: PostgresCopy> {
    private var copy: C
    /// Why they ended early.
    private(set) var failure: (any Error)?

    /// None has been asked for.
    init(_ copy: C) { self.copy = copy }

    /// What the COPY goes on with.
    func next() -> CopyBite {
        do {
            guard let text = try self.copy.next() else { return .end }
            guard !text.isUnsendable else { throw PostgresError(.unsendable, summary: "a value contains U+0000") }
            return .rows(text.bytes)
        } catch {
            self.failure = error
            return .refusal
        }
    }
}
