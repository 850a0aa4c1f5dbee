/// How many calls the subscription has used today, all integrations together.
package struct Usage: Sendable, Equatable {
    /// The vendor's day, `2026-11-23`; its zone is not documented.
    package let date: String
    /// Calls of everybody.
    package let total: Int
    /// Calls of our own API user; `nil` when Marketo did not tell who that is.
    package let byUs: Int?

    package init(date: String, total: Int, byUs: Int?) {
        self.date = date
        self.total = total
        self.byUs = byUs
    }
}
