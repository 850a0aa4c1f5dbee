/// The names and values of a query string or a form body, in the order they came; a name may come again.
struct Parameters: Sendable {
    private var items: [(name: String, value: String)] = []

    init() {}

    /// Reads `a=1&b=2`, with `+` and `%xx`.
    init(encoded text: some StringProtocol) {
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first else { continue }
            self.items.append((Self.decode(name), parts.count > 1 ? Self.decode(parts[1]) : ""))
        }
    }

    /// Takes over what another set holds.
    mutating func append(_ other: Parameters) {
        self.items.append(contentsOf: other.items)
    }

    /// The first non-empty value; empty parameters are as good as absent (recorded: `assetIds=&leadIds=`).
    subscript(name: String) -> String? {
        self.items.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// Every value, whether it came as a comma list, repeated, or both; trimmed, without empty ones.
    ///
    /// `nil` when the name never came.
    func list(_ name: String) -> [String]? {
        let found = self.items.filter { $0.name == name }
        guard !found.isEmpty else { return nil }
        return found.flatMap { item in
            item.value.split(separator: ",").map { value in
                let start = value.drop { $0 == " " }
                guard let end = start.lastIndex(where: { $0 != " " }) else { return "" }
                return String(start[...end])
            }
        }.filter { !$0.isEmpty }
    }

    /// Whether the name came at all, empty or not.
    func has(_ name: String) -> Bool {
        self.items.contains { $0.name == name }
    }

    /// Undoes `%xx` and `+`.
    static func decode(_ text: some Sequence<UInt8>) -> String {
        var out: [UInt8] = []
        var bytes = text.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "+"): out.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = bytes.next(), let low = bytes.next() else { return String(decoding: out, as: UTF8.self) }
                if let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16) { out.append(value) }
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
