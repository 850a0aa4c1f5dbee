import ArgumentParser

/// `kakehashi jobs`: looking at jobs, and what an operator may do to one.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Look at jobs, retry them, call them off, lay them aside.",
        discussion: """
            A job is ready (due now or later), running, retrying, dead, done or cancelled. What a person should look at, and the call that mends it, is in \
            ops.stuck_jobs; these commands make the same calls.
            Examples:
              kakehashi jobs list --state dead
              kakehashi jobs show 1024
              kakehashi jobs retry 1024 1025
              kakehashi jobs retry --all-dead --tenant acme
            """,
        subcommands: [JobsListCommand.self, JobsShowCommand.self, JobsRetryCommand.self, JobsCancelCommand.self, JobsBuryCommand.self])
}
