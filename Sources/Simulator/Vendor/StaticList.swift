/// A static list: a name and its members.
struct StaticList: Sendable {
    var name: String
    var program: String?
    var workspace = "Default"
    var members: Set<Int64> = []
    var createdAt: Int64

    /// As activities name it: `Program.List` (R).
    var fullName: String { self.program.map { "\($0).\(self.name)" } ?? self.name }
}
