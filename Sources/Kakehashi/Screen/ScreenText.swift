/// Text from outside, made fit for a terminal: nothing in it can move the cursor, change colours or reverse the reading order.
enum ScreenText {
    /// `text` with control and direction characters shown as U+FFFD and line ends as spaces.
    static func of(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0a, 0x0d, 0x09, 0x85, 0x2028, 0x2029: out.append(" ")
            case 0x00...0x1f, 0x7f...0x9f, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: out.append("\u{fffd}")
            default: out.append(scalar)
            }
        }
        return String(out)
    }
}
