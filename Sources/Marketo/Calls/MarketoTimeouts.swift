/// How long a call may take before we stop listening.
package struct MarketoTimeouts: Sendable {
    /// Added to the vendor's own limit of each operation: its answer "timed out" must have the time to arrive.
    package var margin: Duration = .seconds(10)
    /// Caps every operation; `nil` leaves the vendor's limits as they are.
    package var longest: Duration?

    package init() {}

    /// From the moment of sending to the last byte of the answer.
    package func deadline(of operation: MarketoOperation) -> Duration {
        let whole = operation.vendorTimeLimit + self.margin
        return self.longest.map { min($0, whole) } ?? whole
    }
}
