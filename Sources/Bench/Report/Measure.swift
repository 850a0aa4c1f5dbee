import Foundation

/// One measure: a line of JSON, its members in order, numbers rounded to what they mean.
struct Measure: Sendable {
    /// What a member holds.
    enum Value: Sendable {
        /// A whole number.
        case count(Int)
        /// A share or a time in seconds, to three places.
        case decimal(Double)
        /// A name that needs no escaping: ours, a version.
        case name(String)
    }

    private let members: [(String, Value)]

    /// What was measured, the figures, and by which versions.
    init(_ name: String, _ figures: [(String, Value)], postgresVersion: String) {
        self.members =
            [("measure", .name(name))] + figures + [("postgres_version", .name(postgresVersion)), ("swift_version", .name(Self.swiftVersion))]
    }

    /// The line, without its end.
    var line: String {
        "{" + self.members.map { "\"\($0.0)\":\(Self.text($0.1))" }.joined(separator: ",") + "}"
    }

    /// Writes the line to standard output.
    func print() throws { try FileHandle.standardOutput.write(contentsOf: Data((self.line + "\n").utf8)) }

    private static func text(_ value: Value) -> String {
        switch value {
        case .count(let number): String(number)
        // JSON knows no other numbers than these.
        case .decimal(let number): number.isFinite ? String(format: "%.3f", number) : "null"
        case .name(let name): "\"\(name.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline })\""
        }
    }

    /// Of the compiler that built this program.
    private static var swiftVersion: String {
        #if compiler(>=6.5)
            "6.5 or newer"
        #elseif compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
