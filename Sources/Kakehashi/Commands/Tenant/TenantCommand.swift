import ArgumentParser

/// `kakehashi tenant …`: the Mazrica companies and their Marketo subscriptions.
struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant", abstract: "Set up, look after and remove tenants.",
        discussion: """
            Examples:
              kakehashi tenant list
              kakehashi tenant set acme sweep-minute=17
              kakehashi tenant test acme
            """,
        subcommands: [
            TenantAddCommand.self, TenantStartCommand.self, TenantSetCommand.self, TenantTestCommand.self, TenantListCommand.self,
            TenantPauseCommand.self, TenantResumeCommand.self, TenantRemoveCommand.self,
        ])
}
