import ArgumentParser
import Runtime

/// How a command that prints facts prints them.
struct OutputOptions: ParsableArguments {
    @Flag(help: "One JSON document instead of text for people.")
    var json = false

    /// Whether facts are wanted as JSON.
    func wantsJSON(_ environment: Environment) throws(Complaint) -> Bool {
        try Setting<Bool>.toggle("json").isOn(flag: self.json, environment: environment)
    }
}
