/// Reads one field of a crontab line.
enum CrontabField {
    static let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"].enumerated()
        .reduce(into: [String: Int]()) { $0[$1.element] = $1.offset + 1 }
    static let weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"].enumerated().reduce(into: [String: Int]()) { $0[$1.element] = $1.offset }

    /// The values it allows.
    static func values(of field: String, in range: ClosedRange<Int>, names: [String: Int] = [:]) throws(JobQueueError) -> Set<Int> {
        var values: Set<Int> = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            values.formUnion(try Self.values(ofPart: String(part), in: range, names: names))
        }
        return values
    }

    private static func values(ofPart part: String, in range: ClosedRange<Int>, names: [String: Int]) throws(JobQueueError) -> Set<Int> {
        let wrong = JobQueueError.crontab("\"\(part)\" is not a field of a crontab line from \(range.lowerBound) to \(range.upperBound).")
        func number(_ text: Substring) throws(JobQueueError) -> Int {
            guard let value = names[text.uppercased()] ?? Int(text), range.contains(value) else { throw wrong }
            return value
        }
        let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let span = halves.first, !span.isEmpty else { throw wrong }
        var step = 1
        if halves.count == 2 {
            guard let given = Int(halves[1]), given > 0 else { throw wrong }
            step = given
        }
        if span == "*" { return Set(stride(from: range.lowerBound, through: range.upperBound, by: step)) }
        let ends = span.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let low = try number(ends[0])
        guard ends.count == 2 else { return halves.count == 2 ? Set(stride(from: low, through: range.upperBound, by: step)) : [low] }
        let high = try number(ends[1])
        guard low <= high else { throw wrong }
        return Set(stride(from: low, through: high, by: step))
    }
}
