import ArgumentParser
import Postgres
import Runtime
import Store
import Sync

/// `kakehashi tenant set`: changes settings; all of them, or on any mistake none.
struct TenantSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change a tenant's settings.", discussion: "The settings are explained in docs/settings.md.")

    @Argument(help: "The tenant.")
    var name: String
    @Argument(help: "What to set, such as sweep-minute=17; an empty value is the default of the settings that may be empty.")
    var assignments: [String]

    func run() async throws {
        let (name, assignments) = (self.name, self.assignments)
        guard !assignments.isEmpty else { throw Complaint("Nothing to set was given; say KEY=VALUE.", ending: .usage) }
        let changed = try await Workplace.lend { place in
            try await place.pool.transaction { transaction in
                guard let tenant = try await transaction.first(TenantByName(name: name)) else { throw TenantError.unknown(name: name) }
                let overrides = try Self.overrides(of: tenant.overrides, after: assignments)
                return try await transaction.setTenant(named: name, overrides)
            }
        }
        Printer.line(changed ? "The settings of \(name) are changed." : "The settings of \(name) were so already.")
    }

    /// The stored settings with the assignments over them, in their normal spelling.
    static func overrides(of stored: [String: String], after assignments: [String]) throws(Complaint) -> [String: String] {
        do {
            var settings = try TenantSettings(overrides: stored)
            for assignment in assignments {
                guard let sign = assignment.firstIndex(of: "=") else {
                    throw Complaint("\(ScreenText.of(String(assignment.prefix(40)))) is not of the form KEY=VALUE.", ending: .usage)
                }
                try settings.set(String(assignment[..<sign]), String(assignment[assignment.index(after: sign)...]))
            }
            return settings.overrides
        } catch let error as SettingError {
            throw Complaint(error)
        } catch {
            throw Complaint(error)
        }
    }
}
