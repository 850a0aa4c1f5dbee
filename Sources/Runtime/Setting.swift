/// One thing that can be set by a flag or by an environment variable; the flag wins.
///
/// `--drain-seconds` is `KAKEHASHI_DRAIN_SECONDS`. A value that is not allowed stops the process at start with one line which names the
/// variable, tells the shape of what was given (never the text itself: it could be a secret in the wrong place), and what is allowed.
package struct Setting<Value: Sendable>: Sendable {
    /// The flag without its dashes, such as `drain-seconds`.
    package let name: String
    /// What holds when nobody says anything.
    package let fallback: Value
    /// What is allowed, as the end of a sentence: "a whole number from 0 to 3600".
    package let allowed: String
    private let parse: @Sendable (String) -> Value?

    /// A setting whose values are read by `parse`, which answers nil for what is not `allowed`.
    package init(_ name: String, fallback: Value, allowed: String, parse: @escaping @Sendable (String) -> Value?) {
        self.name = name
        self.fallback = fallback
        self.allowed = allowed
        self.parse = parse
    }

    /// The environment variable's name, such as `KAKEHASHI_DRAIN_SECONDS`.
    package var variable: String {
        "KAKEHASHI_" + self.name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// The value that holds: the flag's, else the environment's, else the fallback.
    package func value(flag: String?, environment: Environment) throws(Complaint) -> Value {
        if let flag { return try self.read(flag, from: "--\(self.name)") }
        if let text = environment[self.variable] { return try self.read(text, from: self.variable) }
        return self.fallback
    }

    private func read(_ text: String, from place: String) throws(Complaint) -> Value {
        if let value = self.parse(text) { return value }
        throw Complaint("\(place) is \(ValueShape(text)), but must be \(self.allowed).", ending: .usage)
    }
}

extension Setting where Value == Int {
    /// A whole number within `range`.
    package static func number(_ name: String, in range: ClosedRange<Int>, fallback: Int) -> Setting<Int> {
        Setting(name, fallback: fallback, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            guard let number = Int(text), range.contains(number) else { return nil }
            return number
        }
    }
}

extension Setting where Value == Int? {
    /// A whole number within `range`, or nothing at all.
    package static func optionalNumber(_ name: String, in range: ClosedRange<Int>) -> Setting<Int?> {
        Setting(name, fallback: nil, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            guard let number = Int(text), range.contains(number) else { return nil }
            return number
        }
    }
}

extension Setting where Value == String? {
    /// Any text that is not empty, or nothing at all.
    package static func text(_ name: String) -> Setting<String?> {
        Setting(name, fallback: nil, allowed: "a text that is not empty") { $0.isEmpty ? nil : $0 }
    }
}

extension Setting where Value == Bool {
    /// A switch that is off unless somebody turns it on; a bare flag on the command line turns it on.
    package static func toggle(_ name: String) -> Setting<Bool> {
        Setting(name, fallback: false, allowed: "1 or 0 (true, false, on, off, yes and no will do)") { text in
            switch text.lowercased() {
            case "1", "true", "on", "yes": true
            case "0", "false", "off", "no": false
            default: nil
            }
        }
    }

    /// Whether the switch is on.
    package func isOn(flag: Bool, environment: Environment) throws(Complaint) -> Bool {
        if flag { return true }
        return try self.value(flag: nil, environment: environment)
    }
}

extension Setting where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One word out of a list; the list is the enumeration's own.
    package static func choice(_ name: String, fallback: Value) -> Setting<Value> {
        let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
        return Setting(name, fallback: fallback, allowed: "one of \(words)") { Value(rawValue: $0) }
    }
}
