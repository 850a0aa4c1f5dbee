/// The right to make one vendor call; it is booked already, so a process that dies with it has over-counted, never under-counted.
package struct CallPermit: Sendable, Hashable {
    /// The ledger's row.
    package let id: Int64

    init(id: Int64) { self.id = id }
}
