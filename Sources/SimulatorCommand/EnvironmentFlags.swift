/// Flags that were given as variables: `--calls-per-day` is `KAKEHASHI_CALLS_PER_DAY`; the flag wins.
struct EnvironmentFlags: Sendable {
    /// All arguments, those of the variables at the end.
    let arguments: [String]
    /// The flags that came from a variable.
    private let taken: [String]

    private static let options = [
        "port", "host", "leads", "seed", "density", "first-id", "now", "clock-speed", "calls-per-20s", "at-once", "calls-per-day", "life",
        "client-id",
        "client-secret",
    ]
    private static let switches = ["no-limits", "with-parent"]

    /// `given` as typed, completed from `environment`.
    init(_ given: [String], environment: [String: String]) {
        var arguments = given
        var taken: [String] = []
        let typed = Set(given.map { $0.prefix { $0 != "=" } })
        for name in Self.options + Self.switches where !typed.contains("--\(name)") {
            guard let value = environment[Self.variable(name)], !value.isEmpty else { continue }
            if Self.options.contains(name) {
                arguments.append("--\(name)=\(value)")
            } else if ["1", "true", "yes", "on"].contains(value.lowercased()) {
                arguments.append("--\(name)")
            } else if !["0", "false", "no", "off"].contains(value.lowercased()) {
                // As if typed with a value, which a switch refuses.
                arguments.append("--\(name)=\(value)")
            }
            taken.append(name)
        }
        self.arguments = arguments
        self.taken = taken
    }

    /// A complaint about flags, in the words of whoever gave them: by the variable where it was one.
    func naming(_ complaint: String) -> String {
        // The longest first: one name may begin another.
        self.taken.sorted { $0.count > $1.count }.reduce(complaint) { $0.replacing("--\($1)", with: Self.variable($1)) }
    }

    private static func variable(_ name: String) -> String { "KAKEHASHI_" + name.uppercased().replacing("-", with: "_") }
}
