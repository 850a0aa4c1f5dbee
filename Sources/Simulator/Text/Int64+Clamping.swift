/// Numbers from outside may be anything, "nan" included; an overflow would end the process.
extension Int64 {
    /// The whole part, brought into the range; what is no number is its lower bound.
    init(clamping number: Double, to range: ClosedRange<Int64>) {
        if number >= Double(range.upperBound) {
            self = range.upperBound
        } else if number > Double(range.lowerBound) {
            self = Int64(number)
        } else {
            self = range.lowerBound
        }
    }
}
