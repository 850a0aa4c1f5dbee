import NIOCore

/// A call as it came in, already taken apart: query and form body are one set of parameters, `_method` has been obeyed.
struct VendorRequest: Sendable {
    /// After `_method`.
    let method: String
    /// Without the query.
    let path: String
    let parameters: Parameters
    /// What stood in the URL alone: merge takes its parameters from nowhere else.
    let query: Parameters
    let body: ByteBuffer
    let isForm: Bool
    let isJSON: Bool
    let token: String?
    /// The header of that name.
    let range: String?

    /// - Parameters:
    ///   - target: Path and query as sent.
    ///   - authorization: The header of that name.
    init(method: String, target: String, contentType: String?, authorization: String?, range: String? = nil, body: ByteBuffer = ByteBuffer()) {
        self.range = range
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.path = parts.first.map(String.init) ?? ""
        self.query = Parameters(encoded: parts.count > 1 ? parts[1] : "")
        let type = (contentType ?? "").lowercased()
        self.isForm = type.hasPrefix("application/x-www-form-urlencoded")
        self.isJSON = type.hasPrefix("application/json")
        var parameters = self.query
        if self.isForm { parameters.append(Parameters(encoded: String(buffer: body))) }
        self.parameters = parameters
        self.body = body
        let override = method == "POST" ? parameters["_method"]?.uppercased() : nil
        self.method = override ?? method
        if let authorization, authorization.lowercased().hasPrefix("bearer ") {
            self.token = String(authorization.dropFirst(7))
        } else {
            self.token = nil
        }
    }

    /// The body as JSON; 609 when it is not, 612 when it does not say so.
    func json() throws(VendorError) -> JSONValue {
        guard self.isJSON else { throw VendorError("612", "Invalid Content Type") }
        guard let value = JSONValue(parsing: self.body.readableBytesView) else { throw VendorError("609", "Invalid JSON") }
        return value
    }
}
