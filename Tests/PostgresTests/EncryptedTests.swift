import TestKit
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(10))) struct EncryptedTests {
    @Test func `an answer of any length arrives whole over TLS`() async throws {
        let cluster = try await PrivateCluster.own(encrypted: true)
        try await withDatabase(migrated: false, on: cluster) { database async throws in
            let pool = try TestDatabase.makePool(url: database.url + "?sslmode=require") {
                $0.poolSize = 1
                $0.deadline = .seconds(10)
            }
            #expect(try await pool.connection { $0.usesTLS })
            // Servers and proxies that send records of 16 kB leave such bytes; this server's are of 8 kB, which libpq always has room for.
            #expect(DecryptedBytes.canBeAskedFor)
            // Lengths around the size of a TLS record (16 kB) and of libpq's buffer, which it doubles as needed.
            for length in stride(from: 7_000, through: 70_000, by: 250) {
                #expect(try await pool.first(LongText(length: length))?.utf8.count == length)
            }
            await pool.shutdown()
        }
        try await cluster.remove()
    }
}

private struct LongText: PostgresStatement {
    let length: Int
    static let sql = "SELECT repeat('x', $1)"
    var binds: [PostgresBind] { [.int(self.length)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}
