import Postgres
import Runtime
import Store

/// Carries out what an operator asks for, job by job, and says what was done.
enum JobOrders {
    /// What was done.
    struct Done: Sendable {
        let id: Int64?
        let text: String
    }

    /// One statement a job, each by itself: what can't be done to one does not hold back the others, and is told last (1).
    static func run<Order: PostgresStatement>(
        _ ids: [Int64], output: OutputOptions, environment: Environment, _ order: @escaping @Sendable (Int64) -> Order
    ) async throws where Order.Row == String {
        try await self.run(output: output, environment: environment) { pool in
            var done: [Done] = []
            var refusals: [String] = []
            for id in ids {
                do {
                    if let text = try await pool.first(order(id)) { done.append(Done(id: id, text: text)) }
                } catch let error as PostgresError {
                    guard let sentence = Self.sentence(of: error) else { throw error }
                    refusals.append(sentence)
                }
            }
            return (done, refusals)
        }
    }

    /// Anything else that says what it did.
    static func run(output: OutputOptions, environment: Environment, _ work: @escaping @Sendable (PostgresPool) async throws -> [Done]) async throws {
        try await self.run(output: output, environment: environment) { (try await work($0), []) }
    }

    private static func run(
        output: OutputOptions, environment: Environment, _ work: @escaping @Sendable (PostgresPool) async throws -> ([Done], [String])
    ) async throws {
        let json = try output.wantsJSON(environment)
        let (done, refusals) = try await Workplace.lend(environment: environment) { place in
            do {
                return try await work(place.pool)
            } catch let error as PostgresError {
                guard let sentence = Self.sentence(of: error) else { throw error }
                throw Complaint(sentence)
            }
        }
        if json {
            try Printer.json(.object([("done", .list(done.map { .object([("id", JSONFact($0.id)), ("text", .text($0.text))]) }))]))
        } else {
            for one in done { try Printer.line(ScreenText.of(one.text)) }
        }
        if !refusals.isEmpty { throw Complaint(refusals.joined(separator: " ")) }
    }

    /// The sentence with which one of our own functions refused; it holds what the operator typed and nothing else.
    private static func sentence(of error: PostgresError) -> String? {
        guard ["P0002", "55000", "22023"].contains(error.sqlState) else { return nil }
        return ScreenText.of(error.detail.split(separator: "\n").first.map(String.init) ?? error.detail)
    }
}
