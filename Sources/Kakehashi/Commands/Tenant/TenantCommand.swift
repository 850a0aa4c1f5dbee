import ArgumentParser

/// `kakehashi tenant …`: the Mazrica companies and their Marketo subscriptions.
struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant", abstract: "Set up, look after and remove tenants.",
        subcommands: [
            TenantAddCommand.self, TenantStartCommand.self, TenantSetCommand.self, TenantTestCommand.self, TenantListCommand.self,
            TenantPauseCommand.self, TenantResumeCommand.self, TenantRemoveCommand.self,
        ])
}
