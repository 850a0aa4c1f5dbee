/// The many ways in which one Japanese telephone number is written.
///
/// The ranges are of the sort that films use.
struct PhoneShapes {
    private let digits: String

    init(number: Int) {
        let text = String(10_000_000 + number % 90_000_000)
        self.digits = String(text.suffix(8))
    }

    /// A Tokyo number: `03-1234-5678` and its relatives.
    func landline(shape: Int) -> String {
        let (front, back) = (self.digits.prefix(4), self.digits.suffix(4))
        return switch shape {
        case 1: "03\(self.digits)"
        case 2: "(03)\(front)-\(back)"
        case 3: "+81 3-\(front)-\(back)"
        case 4: SeedWords.fullWidth("03-\(front)-\(back)")
        case 5: "03 \(front) \(back)"
        case 6: "03-\(front)-\(back) 内線\(back.prefix(3))"
        default: "03-\(front)-\(back)"
        }
    }

    /// A mobile number: `090-1234-5678` and its relatives.
    func mobile(shape: Int) -> String {
        let (front, back) = (self.digits.prefix(4), self.digits.suffix(4))
        return switch shape {
        case 1: "090\(self.digits)"
        case 2: "+81-90-\(front)-\(back)"
        case 3: SeedWords.fullWidth("080-\(front)-\(back)")
        default: "080-\(front)-\(back)"
        }
    }
}
