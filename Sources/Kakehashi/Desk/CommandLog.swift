import Logging
import Runtime

/// The log of a command: warnings and worse, unless LOG_LEVEL asks for more; set up once in the process's life.
enum CommandLog {
    private static let bootstrapped: Result<Logger, Complaint> = {
        do {
            let settings = try LogSettings(environment: .current, onTerminal: Terminal.error.isTerminal, fallback: .error)
            return .success(settings.bootstrap(label: "kakehashi"))
        } catch {
            return .failure(Complaint(error))
        }
    }()

    /// The logger, or what is wrong with the settings for it.
    static func logger(_ environment: Environment) throws(Complaint) -> Logger {
        // Checked for each caller's own environment too, which in a test is not the process's.
        _ = try LogSettings(environment: environment, onTerminal: false)
        return try self.bootstrapped.get()
    }
}
