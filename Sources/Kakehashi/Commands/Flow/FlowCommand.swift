import ArgumentParser

/// `kakehashi flow`: the calls to Marketo, what holds them and what they are kept for.
struct FlowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flow", abstract: "The calls to Marketo: what was used, what is kept for what, and what holds them.",
        discussion: """
            Examples:
              kakehashi flow show
              kakehashi flow resume acme
            """,
        subcommands: [FlowShowCommand.self, FlowResumeCommand.self])
}
