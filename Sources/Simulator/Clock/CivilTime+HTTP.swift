extension CivilTime {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// As the `Date` header has it (RFC 9110): `Sun, 06 Nov 1994 08:49:37 GMT`.
    var httpDate: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        // The first of January 1970 was a Thursday.
        let weekday = Self.weekdays[Int((self.seconds / 86_400) % 7)]
        let day = "\(two(self.day)) \(Self.months[self.month - 1]) \(self.year)"
        return "\(weekday), \(day) \(two(self.hour)):\(two(self.minute)):\(two(self.second)) GMT"
    }
}
