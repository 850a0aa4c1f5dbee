import ArgumentParser

/// The commands there are; see CONTRACT 3 for what scripts may rely on.
struct KakehashiCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kakehashi",
        abstract: "Keeps Marketo leads and Mazrica contacts and accounts in step.",
        discussion: """
            Needs DATABASE_URL; commands that touch credentials also need KAKEHASHI_MASTER_KEY. Every flag can be an environment variable \
            too (--timeout is KAKEHASHI_TIMEOUT); the flag wins.
            Exit codes: 0 done, 1 failed, 64 wrong call, 69 database or Marketo can't be reached, 75 stopped for now by the quota.
            Examples:
              kakehashi migrate
              kakehashi tenant test acme
              kakehashi status --watch
              kakehashi explain acme --lead 1024
              kakehashi --generate-completion-script bash
            """,
        subcommands: [
            MigrateCommand.self, TenantCommand.self, SyncCommand.self, StatusCommand.self, JobsCommand.self, FlowCommand.self,
            ExplainCommand.self, ActivitiesCommand.self, ReconcileCommand.self, DemoCommand.self, HealthCommand.self,
        ])
}
