/// What the instance is filled with at the start.
package struct LeadSeed: Sendable, Equatable {
    /// How many leads.
    package var leads: Int
    /// The same seed gives the same leads.
    package var seed: UInt64
    /// The share of ids that are in use, over 0 up to 1: deletions and merges of the past leave gaps.
    package var density: Double
    package var firstID: Int64

    package init(leads: Int = 0, seed: UInt64 = 1, density: Double = 1, firstID: Int64 = 1) {
        self.leads = leads
        self.seed = seed
        self.density = density
        self.firstID = firstID
    }
}
