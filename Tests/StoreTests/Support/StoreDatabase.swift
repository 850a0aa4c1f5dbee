import Postgres
import Store
import Sync
import TestKit

/// A fresh database with two tenants' names in it, `acme` and `beta`, and a way to ask it anything.
struct StoreDatabase: Sendable {
    let database: TestDatabase
    let acme: Int64
    let beta: Int64

    var pool: PostgresPool { self.database.pool }

    /// Runs statements that return nothing.
    func run(_ script: String) async throws { try await self.pool.run(script: script) }

    /// The first column of a query, as text.
    func texts(_ query: String) async throws -> [String?] { try await self.pool.query(Eval(query: query)) }

    /// The first value of a query, as text.
    func text(_ query: String) async throws -> String? { try await self.texts(query).first ?? nil }

    /// The one number that a query answers with.
    func number(_ query: String) async throws -> Int { Int(try await self.text(query) ?? "") ?? -1 }

    /// The error that a script ends with; nil if it ends well.
    func failure(_ script: String) async -> PostgresError? {
        do {
            try await self.pool.run(script: script)
            return nil
        } catch {
            return error
        }
    }
}

/// Any query, its text given as a value: a function of the test database runs it.
struct Eval: PostgresStatement {
    let query: String

    static let sql = "SELECT eval FROM public.eval($1)"
    var binds: [PostgresBind] { [.text(self.query)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String? { try row.decode(0) }
}

/// Lends a `StoreDatabase` to `body`.
func withStore<T: Sendable>(_ body: (StoreDatabase) async throws -> T) async throws -> T {
    try await withDatabase { database in
        try await database.pool.run(
            script: """
                CREATE FUNCTION public.eval(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
                BEGIN
                    RETURN QUERY EXECUTE 'SELECT row_of.value::text FROM (' || query || ') AS row_of (value)';
                END
                $$;
                INSERT INTO jobs.tenant (name) VALUES ('acme'), ('beta');
                """)
        let ids = try await database.pool.query(Eval(query: "SELECT id FROM jobs.tenant WHERE name <> '' ORDER BY name"))
        let numbers = ids.compactMap { $0 }.compactMap(Int64.init)
        return try await body(StoreDatabase(database: database, acme: numbers[0], beta: numbers[1]))
    }
}

/// A master key of tests.
let testCipher = try? CredentialCipher(environmentValue: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
