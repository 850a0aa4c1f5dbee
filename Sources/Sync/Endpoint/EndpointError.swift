/// Why an address is not taken for Marketo's; each is one sentence, safe to print.
package enum EndpointError: Error, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case empty, malformed, hasUserInfo, hasQuery, notSecure, unknownScheme, foreignPath, foreignPort, local, numericHost, foreignHost

    /// The sentence.
    package var description: String {
        switch self {
        case .empty: "The endpoint is empty; it looks like https://123-ABC-456.mktorest.com/rest."
        case .malformed: "The endpoint is not an address of the form https://123-ABC-456.mktorest.com/rest."
        case .hasUserInfo: "The endpoint must not contain a user name or password."
        case .hasQuery: "The endpoint must not contain a ? or #; copy it from Admin > Web Services > REST API."
        case .notSecure: "The endpoint must begin with https://; http:// is permitted only with KAKEHASHI_ALLOW_LOCAL_ENDPOINTS=1."
        case .unknownScheme: "The endpoint must begin with https://."
        case .foreignPath: "The endpoint must end in /rest or /identity or right after the host name."
        case .foreignPort: "The endpoint must not name a port other than 443."
        case .local: "The endpoint is on this machine or its network; that is permitted only with KAKEHASHI_ALLOW_LOCAL_ENDPOINTS=1."
        case .numericHost: "The endpoint must have a host name, not a numeric address."
        case .foreignHost: "The endpoint's host is not one of Marketo's; it ends in .mktorest.com."
        }
    }
}
