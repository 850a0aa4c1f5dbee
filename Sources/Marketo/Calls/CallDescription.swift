/// What a call will be, for the one who decides whether it may start.
package struct CallDescription: Sendable, Equatable {
    /// What is asked.
    package let operation: MarketoOperation
    /// The subscription's account name with the vendor: calls to one account share its limits, whoever sends them.
    package let subscription: String
    /// The longest it can run; a booked slot must outlive this.
    package let deadline: Duration

    package init(operation: MarketoOperation, subscription: String, deadline: Duration) {
        self.operation = operation
        self.subscription = subscription
        self.deadline = deadline
    }
}
