/// What a COPY goes on with.
enum CopyBite: Sendable {
    /// Rows, in its text form.
    case rows([UInt8])
    /// They were all; the server writes them.
    case end
    /// There is something wrong with them; the server writes none.
    case refusal
}
