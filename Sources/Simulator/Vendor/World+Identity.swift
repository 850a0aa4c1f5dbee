import NIOCore

extension World {
    /// `/identity/oauth/token`: from the query or a form body, GET or POST.
    ///
    /// Bad credentials are the one HTTP 401 of this API.
    mutating func identityAnswer(_ request: VendorRequest, at uptime: Int64) -> Answer {
        let parameters = request.parameters
        guard parameters["grant_type"] == "client_credentials" else {
            return Self.identityError(400, "unsupported_grant_type", "Unsupported grant type")
        }
        let lifetime = Int64(clamping: self.switches.tokenSeconds * 1_000, to: 0...3_153_600_000_000)
        guard let id = parameters["client_id"], let secret = parameters["client_secret"],
            let given = self.identity.token(id: id, secret: secret, lifetime: lifetime, now: self.milliseconds(at: uptime))
        else { return Self.unauthorized() }
        var body = ByteBuffer()
        body.writeString("{\"access_token\":")
        body.writeJSON(given.token)
        // A fresh token of 3,600 s was recorded as 3599: whole seconds that are certainly left.
        body.writeString(",\"token_type\":\"bearer\",\"expires_in\":\(max(0, (given.left - 1) / 1_000)),\"scope\":")
        body.writeJSON(given.user)
        body.writeString("}")
        return Answer(headers: Self.identityHeaders, body: body, isChunked: true)
    }

    /// The 401; older clients also look for `unauthorized`.
    static func unauthorized(_ error: String? = nil, _ description: String? = nil) -> Answer {
        self.identityError(401, error ?? "invalid_client", description ?? "Bad client credentials")
    }

    private static func identityError(_ status: Int, _ error: String, _ description: String) -> Answer {
        var body = ByteBuffer()
        body.writeString("{\"error\":")
        body.writeJSON(error)
        body.writeString(",\"error_description\":")
        body.writeJSON(description)
        body.writeString("}")
        return Answer(status: status, headers: Self.identityHeaders, body: body, isChunked: true, code: "http \(status)")
    }

    private static let identityHeaders = [
        (name: "Cache-Control", value: "no-store"), (name: "Pragma", value: "no-cache"), (name: "X-XSS-Protection", value: "1; mode=block"),
        (name: "X-Frame-Options", value: "DENY"), (name: "X-Content-Type-Options", value: "nosniff"),
    ]
}
