extension CivilTime {
    /// Seconds since 1970 of an ISO 8601 date or date and time, as clients send them: `2024-01-02`, `2024-01-02T03:04:05Z`, `…+09:00`, `…+0900`,
    /// with or without a fraction (dropped) and seconds.
    ///
    /// No zone is read as UTC. `nil` for anything else.
    package static func seconds(parsing text: String) -> Int64? {
        var bytes = Array(text.utf8)[...]
        func number(_ digits: Int) -> Int? {
            guard bytes.count >= digits, bytes.prefix(digits).allSatisfy({ (48...57).contains($0) }) else { return nil }
            let value = bytes.prefix(digits).reduce(0) { $0 * 10 + Int($1 - 48) }
            bytes = bytes.dropFirst(digits)
            return value
        }
        func take(_ characters: String) -> Bool {
            guard let first = bytes.first, characters.utf8.contains(first) else { return false }
            bytes = bytes.dropFirst()
            return true
        }
        guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2) else { return nil }
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        var time = CivilTime(year: year, month: month, day: day)
        // 31 February and its like come back as another day.
        guard CivilTime(seconds: time.seconds).day == day else { return nil }
        if bytes.isEmpty { return time.seconds }
        guard take("T "), let hour = number(2), take(":"), let minute = number(2), hour < 24, minute < 60 else { return nil }
        (time.hour, time.minute) = (hour, minute)
        if take(":") {
            guard let second = number(2), second < 60 else { return nil }
            time.second = second
            if take(".,") { bytes = bytes.drop { (48...57).contains($0) } }
        }
        if bytes.isEmpty || (take("Zz") && bytes.isEmpty) { return time.seconds }
        let west = bytes.first == UInt8(ascii: "-")
        guard take("+-"), let zoneHours = number(2) else { return nil }
        _ = take(":")
        guard let zoneMinutes = bytes.isEmpty ? 0 : number(2), bytes.isEmpty else { return nil }
        let offset = Int64(zoneHours * 3_600 + zoneMinutes * 60)
        return time.seconds + (west ? offset : -offset)
    }
}
