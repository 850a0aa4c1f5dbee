/// A setting that was refused, as one sentence for the person who typed it.
///
/// Names the setting, the shape of what was given and what is allowed; never the value itself, as a secret may have slipped into it.
package struct SettingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// As typed; `nil` if what was typed is no setting's name.
    package let key: SettingKey?
    /// The sentence, without a full stop's worth of anything else.
    package let description: String

    /// There is no such setting.
    static func unknown() -> SettingError {
        SettingError(key: nil, description: "There is no such setting; there are \(SettingKey.allCases.map(\.rawValue).joined(separator: ", ")).")
    }

    /// The value does not fit.
    static func refused(_ key: SettingKey, _ value: String, allowed: String) -> SettingError {
        SettingError(key: key, description: "The setting \(key.rawValue) takes \(allowed), but was given \(Self.shape(of: value)).")
    }

    private static func shape(of value: String) -> String {
        let length = value.unicodeScalars.count
        if length == 0 { return "nothing" }
        let isNumber = value.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? "a number of \(length) digit\(length == 1 ? "" : "s")" : "a text of \(length) character\(length == 1 ? "" : "s")"
    }
}
