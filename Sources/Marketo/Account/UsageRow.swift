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
                guard let name = element["userId"]?.plainText, let count = element["count"]?.wholeNumber.flatMap({ Int(exactly: $0) }) else {
                    return nil
                }
                return (name, count)
            }
        }
        return UsageRow(
            date: record["date"]?.plainText ?? "",
            total: record["total"]?.wholeNumber.flatMap { Int(exactly: $0) } ?? users.reduce(0) { $0 + $1.count },
            users: users)
    }
}
