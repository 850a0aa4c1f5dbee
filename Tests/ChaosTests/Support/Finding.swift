/// Something in which the Mazrica side is not what Marketo's leads and the users' deeds make of it.
struct Finding: Sendable, CustomStringConvertible {
    /// In what way.
    enum Kind: String, CaseIterable, Sendable {
        case lost, doubled, stale, altered
    }

    let kind: Kind
    let record: String
    let text: String

    var description: String { "\(self.record) is \(self.kind.rawValue): \(self.text)" }
}
