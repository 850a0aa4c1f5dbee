/// Gives tokens and knows what has become of each.
package struct IdentityDesk: Sendable {
    /// Whether a call's token opens the door.
    enum Verdict: Sendable, Equatable {
        case open(client: String)
        /// 600: none was sent.
        case absent
        /// 601.
        case invalid
        /// 602, said once of each token.
        case expired
    }

    private struct Token {
        let client: String
        let expiresAt: Int64
        var isInvalid = false
        /// 602 has been said; 601 from now on.
        var expiryWasTold = false
        /// Treated as run out whatever the clock says.
        var isCutShort = false
    }

    package private(set) var clients: [String: APIClient] = [:]
    private var tokens: [String: Token] = [:]
    private var current: [String: String] = [:]
    private var random: SeededRandom

    init(clients: [APIClient], seed: UInt64) {
        self.random = SeededRandom(seed: seed ^ 0x1D)
        for client in clients { self.clients[client.id] = client }
    }

    /// Adds a client, or changes its secret, user or permissions.
    package mutating func put(_ client: APIClient) { self.clients[client.id] = client }

    /// The client's living token with the milliseconds it has left, or a new one.
    ///
    /// `nil`: wrong id or secret.
    mutating func token(id: String, secret: String, lifetime: Int64, now: Int64) -> (token: String, left: Int64, user: String)? {
        guard let client = self.clients[id], client.secret == secret else { return nil }
        if let text = self.current[id], let token = self.tokens[text], !token.isInvalid, !token.isCutShort, token.expiresAt > now {
            return (text, token.expiresAt - now, client.user)
        }
        let text = self.newToken()
        self.tokens[text] = Token(client: id, expiresAt: now + lifetime)
        self.current[id] = text
        return (text, lifetime, client.user)
    }

    /// What a use of the token would be told now.
    func verdict(on text: String?, now: Int64) -> Verdict {
        guard let text, !text.isEmpty else { return .absent }
        guard let token = self.tokens[text], !token.isInvalid else { return .invalid }
        guard token.isCutShort || token.expiresAt <= now else { return .open(client: token.client) }
        return token.expiryWasTold ? .invalid : .expired
    }

    /// A use of a token: after its time has run out the first one is told 602, every later one 601 (U).
    mutating func check(_ text: String?, now: Int64) -> Verdict {
        let verdict = self.verdict(on: text, now: now)
        if verdict == .expired, let text { self.tokens[text]?.expiryWasTold = true }
        return verdict
    }

    /// Makes every token, or one, unusable before its time: 602 then 601, or 601 at once.
    package mutating func cutShort(_ text: String? = nil, asInvalid: Bool) {
        for key in text.map({ [$0] }) ?? Array(self.tokens.keys) {
            if asInvalid { self.tokens[key]?.isInvalid = true } else { self.tokens[key]?.isCutShort = true }
        }
    }

    private mutating func newToken() -> String {
        func hex(_ bits: UInt64, _ digits: Int) -> String {
            let text = String(bits, radix: 16)
            return String((String(repeating: "0", count: digits) + text).suffix(digits))
        }
        let (high, low) = (self.random.next(), self.random.next())
        return "\(hex(high >> 32, 8))-\(hex(high >> 16, 4))-4\(hex(high, 3))-a\(hex(low >> 48, 3))-\(hex(low, 12)):sn"
    }
}
