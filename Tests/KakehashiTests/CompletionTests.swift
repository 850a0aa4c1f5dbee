import Testing

@Suite(.timeLimit(.minutes(10))) struct CompletionTests {
    @Test(arguments: ["bash", "zsh", "fish"]) func `completions of every shell know the commands`(shell: String) async throws {
        let script = try await Program.run(["--generate-completion-script", shell], environment: [:])
        #expect(script.code == 0, "\(script.errors)")
        for command in ["tenant", "status", "activities", "reconcile", "flow", "explain"] { #expect(script.output.contains(command), "\(command)") }
    }
}
