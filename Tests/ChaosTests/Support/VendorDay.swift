/// The vendor's day, as chaos knows it.
enum VendorDay {
    /// The calls of it, as in the contract of most subscriptions.
    static let calls = 50_000
}
