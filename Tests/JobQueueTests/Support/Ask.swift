import Postgres

/// Any query of a test, by a function that `prepareAsking` makes: its first column of its first row, as text.
struct Ask: PostgresStatement {
    static let sql = "SELECT public.ask($1)"
    let query: String

    var binds: [PostgresBind] { [.text(self.query)] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> String? { try row.decode(0) }
}

extension PostgresPool {
    /// Makes the function that `ask` needs.
    func prepareAsking() async throws {
        try await self.run(
            script: """
                CREATE OR REPLACE FUNCTION public.ask(query text) RETURNS text LANGUAGE plpgsql AS $$
                DECLARE answer text; BEGIN EXECUTE query INTO answer; RETURN answer; END $$;
                """)
    }

    /// The first column of the first row.
    func ask(_ query: String) async throws -> String? { try await self.first(Ask(query: query)) ?? nil }
}
