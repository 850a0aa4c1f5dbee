/// The field names in the vendor's sentences.
enum FieldNames {
    /// From `Invalid fields [a, b]` and `Field 'a' not found`: what stands between brackets or quotes and can be a REST name.
    static func quoted(in message: String) -> [String] {
        var names: [String] = []
        for (opening, closing) in [("[", "]"), ("'", "'")] as [(Character, Character)] {
            guard let start = message.firstIndex(of: opening) else { continue }
            let rest = message[message.index(after: start)...]
            guard let end = rest.firstIndex(of: closing) else { continue }
            names += rest[..<end].split(separator: ",").map { $0.filter { $0 != " " && $0 != "'" && $0 != "\"" } }.filter(Self.canBeName)
        }
        return names
    }

    /// Letters, digits and underscores: such a text is safe to print, and an e-mail is not one.
    private static func canBeName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
