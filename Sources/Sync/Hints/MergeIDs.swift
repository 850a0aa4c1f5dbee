/// The losers that activity 32 names in its attribute "Merge IDs".
///
/// Sent as a JSON list, a text that holds one, or a comma-separated text (CONTRACT 5); whatever is no lead id is passed over.
package enum MergeIDs {
    /// From the attribute's text: `[2, 3]`, `["2","3"]`, `[2.0, 3.0]`, `2, 3` or `2`.
    ///
    /// Each once, rising.
    package static func parse(_ text: String) -> [LeadID] {
        var ids: Set<LeadID> = []
        let separators: Set<Unicode.Scalar> = [",", ";", "[", "]", "\"", "'"]
        for part in PlainText.nfkc(text).unicodeScalars.split(whereSeparator: { separators.contains($0) || PlainText.isSpace($0) }) {
            let (whole, rest) = (part.prefix { $0 != "." }, part.drop { $0 != "." })
            guard rest.isEmpty || rest.count > 1 && rest.dropFirst().allSatisfy({ $0 == "0" }) else { continue }
            if let number = Int64(String(whole)), let id = LeadID(sane: number) { ids.insert(id) }
        }
        return ids.sorted()
    }
}
