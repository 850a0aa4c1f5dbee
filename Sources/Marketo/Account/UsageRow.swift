/// One element of the usage answer, the users with their names.
struct UsageRow: Sendable {
    let date: String
    let total: Int
    let users: [(name: String, count: Int)]

    static func read(_ reader: inout JSONReader) throws(JSONError) -> UsageRow {
        let record = try reader.readValue()
        var users: [(name: String, count: Int)] = []
        if case .array(let elements)? = record["users"] {
            users = elements.compactMap { element in
                guard let name = element["userId"]?.plainText, let count = Self.count(element["count"]) else { return nil }
                return (name, count)
            }
        }
        return UsageRow(
            date: record["date"]?.plainText ?? "",
            total: Self.count(record["total"]) ?? Self.sum(users.map(\.count)), users: users)
    }

    /// No more than any database's counter holds.
    private static let most: Int64 = 2_147_483_647

    private static func count(_ value: JSONValue?) -> Int? { value?.wholeNumber.map { Int(min(max($0, 0), Self.most)) } }

    /// Calls added up, to the most that is counted.
    static func sum(_ counts: [Int]) -> Int { counts.reduce(0) { min($0 + $1, Int(Self.most)) } }
}
