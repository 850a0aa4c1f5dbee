/// The identity service's answer: `{"access_token","token_type","expires_in","scope"}`.
struct IdentityGrant: Sendable {
    let token: Secret
    /// Seconds that are left, which can be very few.
    let expiresIn: Int64
    let apiUser: String?

    /// What the bytes say; `nil` when they are not a grant.
    static func read(_ bytes: [UInt8]) throws(JSONError) -> IdentityGrant? {
        let answer = try JSONReader.document(bytes) { (reader) throws(JSONError) in try reader.readValue() }
        guard let token = answer["access_token"]?.plainText, !token.isEmpty else { return nil }
        // Untold: a short life costs a call now and then, a long one costs failures.
        return IdentityGrant(token: Secret(token), expiresIn: answer["expires_in"]?.wholeNumber ?? 60, apiUser: answer["scope"]?.plainText)
    }
}
