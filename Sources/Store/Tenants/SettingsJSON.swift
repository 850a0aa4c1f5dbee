import FoundationEssentials

/// A tenant's settings between Swift and `jsonb`: one flat object of texts.
enum SettingsJSON {
    /// The object's text, keys in order.
    static func text(_ settings: [String: String]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // A dictionary of texts always encodes.
        let bytes = (try? encoder.encode(settings)) ?? Data("{}".utf8)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The settings of an object's text.
    ///
    /// A value that is no text, as a hand may have left it, counts as its own JSON form.
    static func map(_ text: String) -> [String: String] {
        let decoded = try? JSONDecoder().decode([String: Lenient].self, from: Data(text.utf8))
        return (decoded ?? [:]).compactMapValues(\.text)
    }

    private struct Lenient: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self.text = text
            } else if let number = try? container.decode(Int.self) {
                self.text = String(number)
            } else if let number = try? container.decode(Double.self) {
                self.text = String(number)
            } else if let truth = try? container.decode(Bool.self) {
                self.text = String(truth)
            } else {
                self.text = nil
            }
        }
    }
}
