/// Host and port of an address, and what sort of host it is.
///
/// Numeric hosts are known in all their spellings (`127.1`, `0x7f000001`, `2130706433`).
struct EndpointHost {
    enum Kind: Equatable { case vendor(munchkin: String), loopback, singleLabel, numeric, foreign }

    /// In small letters; of an IPv6 address with its brackets.
    let name: String
    let port: Int?
    let kind: Kind

    /// Reads `host` or `host:port`, ASCII and in small letters.
    init(_ authority: Substring) throws(EndpointError) {
        var name = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { throw .malformed }
            name = authority[...close]
            let after = authority[authority.index(after: close)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw .malformed }
            port = after.isEmpty ? nil : after.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            name = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        if let port {
            guard !port.isEmpty, port.utf8.count <= 5, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
                (1...65_535).contains(number)
            else { throw .malformed }
            self.port = number
        } else {
            self.port = nil
        }
        if name.hasSuffix(".") { name = name.dropLast() }
        self.name = String(name)
        self.kind = try Self.kind(of: self.name)
    }

    private static func kind(of name: String) throws(EndpointError) -> Kind {
        if name.hasPrefix("[") { return name == "[::1]" ? .loopback : .numeric }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard !name.isEmpty, name.utf8.count <= 253, labels.allSatisfy(Self.isLabel) else { throw .malformed }
        if labels.count == 4, labels[0] == "127", labels.allSatisfy(Self.isOctet) { return .loopback }
        // No top level name begins with a digit, but every spelling of an IPv4 address ends in a part that does.
        if let first = labels.last?.utf8.first, (0x30...0x39).contains(first) { return .numeric }
        if labels.last == "localhost" { return .loopback }
        if labels.count == 1 { return .singleLabel }
        if labels.count == 3, labels[1] == "mktorest", labels[2] == "com" { return .vendor(munchkin: String(labels[0])) }
        return .foreign
    }

    private static func isOctet(_ label: Substring) -> Bool { UInt8(label).map { String($0) == label } ?? false }

    private static func isLabel(_ label: Substring) -> Bool {
        guard (1...63).contains(label.utf8.count), !label.hasPrefix("-"), !label.hasSuffix("-") else { return false }
        return label.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
    }
}
