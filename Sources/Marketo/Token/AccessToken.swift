/// What Marketo's identity service handed out.
struct AccessToken: Sendable, Equatable {
    let secret: Secret
    /// By our own clock, counted from before the question was sent.
    let expires: ContinuousClock.Instant
    /// The API user's name, an e-mail; `nil` when it was not told.
    let apiUser: String?
    /// Rises with each answer: identity may hand out the same text again, and only this tells the answers apart.
    let generation: UInt64
}
