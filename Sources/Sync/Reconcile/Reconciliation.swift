/// One comparison of both sides under way: what differs at a first look is looked at again, and only what still does is a difference.
///
/// A lead that changes while it is looked at is none: the two reads of it have to be equal. Nor is what a job was just about to write: at the second look,
/// taken when that job is over, it is there. A value; reading, waiting and writing are the owner's.
package struct Reconciliation: Sendable {
    /// How many leads Marketo has shown.
    package private(set) var checked = 0
    /// What differs, by rising lead id within each kind; complete after the second looks.
    package private(set) var differences: [LeadDifference] = []

    private var glimpses: [LeadID: LeadGlimpse] = [:]

    /// Nothing looked at yet.
    package init() {}

    /// Takes what a first look has shown, `leads` being there.
    package mutating func takeFirst(_ comparison: LeadComparison, leads: Int) {
        self.checked += leads
        self.glimpses.merge(comparison.glimpses) { _, later in later }
    }

    /// The leads to be looked at again, the lowest first.
    package var suspects: [LeadID] { self.glimpses.keys.sorted() }

    /// Takes what the second look at some of the suspects has shown.
    package mutating func takeSecond(_ comparison: LeadComparison) {
        let found = comparison.differences.filter { difference in
            !comparison.busy.contains(difference.lead) && comparison.glimpses[difference.lead] == self.glimpses[difference.lead]
        }
        self.differences = (self.differences + found).sorted { ($0.kind, $0.lead) < ($1.kind, $1.lead) }
    }

    /// The leads of one kind of difference.
    package func leads(_ kind: LeadDifference.Kind) -> [LeadID] { self.differences.filter { $0.kind == kind }.map(\.lead) }

    /// All leads that differ, each once, the lowest first.
    package var leads: [LeadID] { Set(self.differences.map(\.lead)).sorted() }

    /// The same suspects again, after what differed was handed on: whatever still differs then, was not repaired.
    package var forAfterwards: Reconciliation {
        let differing = Set(self.leads)
        var after = Reconciliation()
        after.glimpses = self.glimpses.filter { differing.contains($0.key) }
        return after
    }
}
