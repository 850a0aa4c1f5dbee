import NIOCore

/// What goes back over the wire, or does not.
struct Answer: Sendable {
    /// What becomes of the bytes.
    enum Delivery: Sendable, Equatable {
        case whole
        /// So many bytes, then the connection closes.
        case cut(after: Int)
        case reset
        case never
    }

    var status = 200
    var contentType = "application/json;charset=UTF-8"
    var headers: [(name: String, value: String)] = []
    var body: ByteBuffer
    /// Sent without a length, as recorded of Identity.
    var isChunked = false
    /// Never compressed.
    var isPlain = false
    /// For the evidence: `0`, a response-level code, or `http 502`.
    var code = "0"
    var delivery = Delivery.whole

    /// What `stats/errors.json` lists it under, a string of digits; `nil`: a success, or a connection that brought no code.
    var errorCode: String? {
        let digits = self.code.hasPrefix("http ") ? self.code.dropFirst(5) : self.code[...]
        return digits != "0" && digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? String(digits) : nil
    }

    /// A gateway's page: HTML, and nothing that is JSON.
    static func html(status: Int) -> Answer {
        let title =
            switch status {
            case 413: "Request Entity Too Large"
            case 414: "Request-URI Too Large"
            case 500: "Internal Server Error"
            case 502: "Bad Gateway"
            case 503: "Service Temporarily Unavailable"
            case 504: "Gateway Time-out"
            default: "Error"
            }
        let page =
            "<html>\r\n<head><title>\(status) \(title)</title></head>\r\n<body>\r\n<center><h1>\(status) \(title)</h1></center>\r\n</body>\r\n</html>\r\n"
        return Answer(status: status, contentType: "text/html", body: ByteBuffer(string: page), code: "http \(status)")
    }

    /// No bytes: reset, or silence.
    static func nothing(_ delivery: Delivery) -> Answer {
        Answer(body: ByteBuffer(), code: delivery == .never ? "hang" : "reset", delivery: delivery)
    }
}
