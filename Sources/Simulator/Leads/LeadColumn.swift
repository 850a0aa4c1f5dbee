/// All leads' values of one field, by row.
///
/// A field nobody has set costs nothing; only one of the arrays is ever used.
struct LeadColumn: Sendable {
    private enum Storage { case texts, numbers, decimals }
    private let storage: Storage
    private var texts: [String] = []
    private var numbers: [Int64] = []
    private var decimals: [Double] = []

    private static let noNumber = Int64.min

    init(type: LeadField.DataType) {
        self.storage =
            switch type {
            case .string, .text, .email, .phone, .url: .texts
            case .integer, .percent, .reference, .boolean, .date, .datetime: .numbers
            case .float, .currency: .decimals
            }
    }

    subscript(row: Int) -> FieldValue {
        get {
            switch self.storage {
            case .texts: row < self.texts.count && !self.texts[row].isEmpty ? .text(self.texts[row]) : .none
            case .numbers: row < self.numbers.count && self.numbers[row] != Self.noNumber ? .number(self.numbers[row]) : .none
            case .decimals: row < self.decimals.count && !self.decimals[row].isNaN ? .decimal(self.decimals[row]) : .none
            }
        }
        set {
            switch self.storage {
            case .texts:
                while self.texts.count <= row { self.texts.append("") }
                self.texts[row] = newValue.text ?? ""
            case .numbers:
                while self.numbers.count <= row { self.numbers.append(Self.noNumber) }
                self.numbers[row] = newValue.number ?? Self.noNumber
            case .decimals:
                while self.decimals.count <= row { self.decimals.append(.nan) }
                if case .decimal(let number) = newValue { self.decimals[row] = number } else { self.decimals[row] = .nan }
            }
        }
    }

    /// Room for so many rows at once.
    mutating func reserve(_ rows: Int) {
        switch self.storage {
        case .texts: self.texts.reserveCapacity(rows)
        case .numbers: self.numbers.reserveCapacity(rows)
        case .decimals: self.decimals.reserveCapacity(rows)
        }
    }
}
