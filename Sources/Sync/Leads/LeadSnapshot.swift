import FoundationEssentials

/// A short form of everything in a lead that this product looks at: equal values mean that there is nothing to do.
///
/// Stable between machines and versions of Swift, so it may be stored. `createdAt` and `updatedAt` are no part of it: they move with fields that
/// nobody here looks at (sync-algorithms.md 7.6). Two different leads share one with a chance of 1 in 2^64; the rolling sweep bounds even that.
package struct LeadSnapshot: Hashable, Sendable {
    /// As the column `bigint` holds it.
    package let rawValue: Int64

    package init(_ lead: Lead) {
        var hash = StableHash()
        hash.add(lead.id.rawValue)
        for field in Lead.textFields { hash.add(lead[keyPath: field.path]) }
        hash.add(lead.leadScore.map(Int64.init))
        hash.add(lead.acquisitionDate.flatMap { Int64(exactly: ($0.timeIntervalSince1970 * 1000).rounded()) })
        self.rawValue = Int64(bitPattern: hash.value)
    }
}
