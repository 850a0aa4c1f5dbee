/// A static list: a name and its members.
struct StaticList: Sendable {
    var name: String
    var members: Set<Int64> = []
    var createdAt: Int64
}
