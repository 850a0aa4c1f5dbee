/// One request before a token is put to it.
struct WireRequest: Sendable {
    /// Marketo refuses a URI over 8 KB (414); proxies on the way may count the host too.
    static let longestURI = 7_500
    /// Marketo refuses a body over 1 MB (413); taken as the smaller of the two megabytes.
    static let largestBody = 1_000_000

    let operation: MarketoOperation
    /// In the order given; a `nil` or empty value is left out.
    let parameters: [(name: String, value: String?)]
    /// A JSON body makes it a POST.
    let body: [UInt8]?

    init(_ operation: MarketoOperation, _ parameters: [(name: String, value: String?)] = [], body: [UInt8]? = nil) {
        self.operation = operation
        self.parameters = parameters
        self.body = body
    }

    /// How it goes over the wire: as GET while the URI is short, else as POST `?_method=GET` with the parameters in a form body.
    func shape() throws(MarketoError) -> Shape {
        let path = self.operation.pathTemplate
        let query = FormEncoding.encoded(self.parameters)
        if let body = self.body {
            guard body.count <= Self.largestBody else { throw MarketoError(.requestTooLarge, operation: self.operation, effect: .notSent) }
            return Shape(method: "POST", target: path, contentType: "application/json", body: body)
        }
        guard path.utf8.count + 1 + query.utf8.count > Self.longestURI else {
            return Shape(method: "GET", target: query.isEmpty ? path : path + "?" + query, contentType: nil, body: nil)
        }
        guard query.utf8.count <= Self.largestBody else { throw MarketoError(.requestTooLarge, operation: self.operation, effect: .notSent) }
        return Shape(method: "POST", target: path + "?_method=GET", contentType: "application/x-www-form-urlencoded", body: Array(query.utf8))
    }

    struct Shape: Sendable {
        let method: String
        let target: String
        let contentType: String?
        let body: [UInt8]?
    }
}
