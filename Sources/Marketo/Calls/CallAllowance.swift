import Synchronization

/// A fixed number of calls, for a subscription that has no ledger yet: the connection test before a tenant is stored.
package final class CallAllowance: CallAdmission {
    private let calls: Int
    private let left: Mutex<Int>

    /// - Parameter calls: How many calls that count may be made in all.
    package init(calls: Int) {
        self.calls = calls
        self.left = Mutex(calls)
    }

    /// How many calls that count were made.
    package var spent: Int { self.left.withLock { self.calls - $0 } }

    package func admit(_ call: CallDescription) async throws -> any CallPermit {
        // Costs nothing, so there is nothing to give back either.
        if call.operation == .identity { return Permit(allowance: nil) }
        try self.left.withLock { left in
            guard left > 0 else { throw Spent() }
            left -= 1
        }
        return Permit(allowance: self)
    }

    /// The calls are used up.
    package struct Spent: Error, Sendable, CustomStringConvertible {
        package var description: String { "No more calls are allowed for this test" }
    }

    private struct Permit: CallPermit {
        let allowance: CallAllowance?

        func finish(_ report: CallReport) async {
            // Marketo does not count a call that it turned away for its token, nor one that never left.
            guard !report.countsAgainstQuota else { return }
            self.allowance?.left.withLock { $0 += 1 }
        }
    }
}
