extension Lead {
    /// Its e-mail address as addresses are compared; `nil` without a valid one.
    package var emailKey: EmailKey? { if case .valid(let address) = EmailAddress.read(self.email) { address.key } else { nil } }
}
