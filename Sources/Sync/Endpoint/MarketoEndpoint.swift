/// Where a Marketo subscription answers.
///
/// Taken as an administrator copies it: with or without `https://`, `/rest`, `/identity`, a slash at the end, spaces around, in capitals. Only
/// `<one label>.mktorest.com` over https is accepted, so that nobody can make us call other machines (no address by number, no other port, no
/// user, no query). With local endpoints allowed also `http://`, the loopback addresses, and host names without a dot, as containers have.
/// Source: R37–R39, CONTRACT 2.
package struct MarketoEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// What all addresses begin with: scheme, host, port if it is not the scheme's own; no slash at the end.
    package let base: String
    /// What the vendor counts by: the Munchkin id in small letters, or of a local endpoint `host:port`.
    package let subscriptionAccount: String
    /// Whether it is one that only demo and tests may use.
    package let isLocal: Bool

    /// Where the lead database answers; paths such as `/v1/leads.json` follow.
    package var restURL: String { self.base + "/rest" }
    /// Where tokens are had; `/oauth/token` follows.
    package var identityURL: String { self.base + "/identity" }
    /// As it is stored and shown.
    package var description: String { self.base }

    /// Reads what was typed.
    package init(_ text: String, allowLocal: Bool) throws(EndpointError) {
        let typed = PlainText.asciiLowered(PlainText.trimmed(text))
        guard !typed.isEmpty else { throw .empty }
        guard typed.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "%") }) else { throw .malformed }
        guard !typed.contains("?"), !typed.contains("#") else { throw .hasQuery }
        var isSecure = true
        var rest = typed[...]
        if let colon = typed.range(ofText: "://") {
            switch typed[..<colon.lowerBound] {
            case "https": isSecure = true
            case "http": isSecure = false
            default: throw .unknownScheme
            }
            rest = typed[colon.upperBound...]
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        guard !authority.contains("@") else { throw .hasUserInfo }
        guard Self.isKnownPath(rest[slash...]) else { throw .foreignPath }
        let host = try EndpointHost(authority)
        switch host.kind {
        case .vendor(let munchkin):
            guard isSecure || allowLocal else { throw .notSecure }
            guard host.port == nil || (isSecure && host.port == 443) else { throw .foreignPort }
            self.subscriptionAccount = munchkin
            self.isLocal = false
            self.base = (isSecure ? "https://" : "http://") + host.name
        case .loopback, .singleLabel:
            guard allowLocal else { throw .local }
            let port = host.port ?? (isSecure ? 443 : 80)
            let isUsual = port == (isSecure ? 443 : 80)
            self.subscriptionAccount = "\(host.name):\(port)"
            self.isLocal = true
            self.base = (isSecure ? "https://" : "http://") + host.name + (isUsual ? "" : ":\(port)")
        case .numeric: throw .numericHost
        case .foreign: throw .foreignHost
        }
    }

    private static func isKnownPath(_ path: Substring) -> Bool {
        let parts = path.split(separator: "/").map(String.init)
        return [[], ["rest"], ["rest", "v1"], ["identity"], ["identity", "oauth", "token"], ["bulk"], ["bulk", "v1"]].contains(parts)
    }
}

extension String {
    /// Where a text first occurs, byte by byte.
    fileprivate func range(ofText text: String) -> Range<String.Index>? {
        var start = self.startIndex
        while start < self.endIndex {
            if self[start...].utf8.starts(with: text.utf8) { return start..<self.utf8.index(start, offsetBy: text.utf8.count) }
            start = self.utf8.index(after: start)
        }
        return nil
    }
}
