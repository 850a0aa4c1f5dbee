package import Postgres
package import Testing

/// Has the server parse each statement (PREPARE, without running it) and records an issue for each one it refuses.
package func expectServerParses(
    _ statements: [any PostgresStatement.Type], _ pool: PostgresPool, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    for statement in statements {
        let sql = statement.sql
        guard let error = await refusal(of: sql, by: pool) else { continue }
        if error.isUnreachable { throw error }
        Issue.record("\(statement) is refused: \(error)\n\(error.detail)\n\(sql)", sourceLocation: sourceLocation)
    }
}

/// Why the server can't parse `sql`; `nil` when it can.
private func refusal(of sql: String, by pool: PostgresPool) async -> PostgresError? {
    do throws(PostgresError) {
        try await pool.run(script: "PREPARE check_of_a_statement AS \(sql)\n; DEALLOCATE check_of_a_statement")
        return nil
    } catch {
        return error
    }
}
