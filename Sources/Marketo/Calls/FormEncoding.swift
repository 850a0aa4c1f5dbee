/// Names and values for a query or a form body.
enum FormEncoding {
    /// `a=1&b=x%2Cy`; a parameter whose value is `nil` or empty is left out.
    static func encoded(_ parameters: [(name: String, value: String?)]) -> String {
        parameters.compactMap { parameter in
            guard let value = parameter.value, !value.isEmpty else { return nil }
            return Self.escaped(parameter.name) + "=" + Self.escaped(value)
        }.joined(separator: "&")
    }

    /// Everything but RFC 3986's unreserved characters as `%XX`: what needs no escaping in a query may need it in a form.
    private static func escaped(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 2)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
