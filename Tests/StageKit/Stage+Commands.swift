package import Fleet

extension Stage {
    /// Runs `kakehashi` to its end; how it ended and what it said.
    package func kakehashi(_ arguments: String...) async throws -> (ending: ChildEnding?, said: String) {
        try await self.run("kakehashi", arguments)
    }

    /// Runs a program of ours to its end; how it ended and what it said.
    package func run(_ program: String, _ arguments: [String]) async throws -> (ending: ChildEnding?, said: String) {
        let child = try await self.family.start(program, as: "\(program) \(arguments.first ?? "")", arguments)
        let ending = await child.ended(within: .seconds(150))
        return (ending, child.log.text)
    }
}
