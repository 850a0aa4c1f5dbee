/// A response-level error of the vendor: HTTP 200, `success` false.
package struct VendorError: Error, Sendable, Equatable {
    /// Digits, as sent.
    package let code: String
    package let message: String

    package init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Codes with a star in the vendor's table: the call counts against no limit.
    static let uncounted: Set<String> = ["601", "602", "604", "605", "608", "611"]

    /// What a scripted fault answers.
    init(_ fault: FaultRule) {
        self.init(fault.errorCode, fault.message ?? Self.message(of: fault.errorCode))
    }

    /// The vendor's words for a code, where they are known (reference 3.3).
    static func message(of code: String) -> String {
        switch code {
        case "600": "Empty access token"
        case "601": "Access token invalid"
        case "602": "Access token expired"
        case "603": "Access denied"
        case "604": "Request timed out"
        case "605": "Request method not supported"
        case "606": "Max rate limit '100' exceeded with in '20' secs"
        case "607": "Daily API Request Quota reached"
        case "608": "API Temporarily Unavailable"
        case "609": "Invalid JSON"
        case "610": "Requested resource not found"
        case "611": "System error"
        case "612": "Invalid Content Type"
        case "614": "Invalid Subscription"
        case "615": "Concurrent access limit '10' reached"
        case "713": "Transient Error"
        case "719": "Lock wait timeout"
        case "1004": "Lead not found"
        case "1005": "Lead already exists"
        case "1007": "Multiple lead match lookup criteria"
        case "1016": "Too many imports"
        case "1029": "Too many jobs (10) in queue"
        default: "Simulated error"
        }
    }
}
