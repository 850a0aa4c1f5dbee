/// One step from an older database schema to a newer one: a file of `migrations/`, built into the program.
///
/// - Shape: `0001_jobs.sql` has number 1 and name `0001_jobs`. It runs in one transaction, so nothing that can't (such as
///   `CREATE INDEX CONCURRENTLY`) may be in it. A first line `--! breaking` makes programs that don't know it refuse to work on the result.
/// - Ends: applied once; from then on the file never changes, and a change is noticed by its checksum.
package struct Migration: Sendable, Equatable {
    /// Its place in the order.
    package let number: Int
    /// The file's name without `.sql`.
    package let name: String
    /// The statements.
    package let sql: String
    /// Whether older programs can't work on the result.
    package let breaking: Bool

    /// Made by the build from a file; tests make their own.
    package init(number: Int, name: String, sql: String, breaking: Bool) {
        self.number = number
        self.name = name
        self.sql = sql
        self.breaking = breaking
    }

    /// Sixteen hexadecimal digits that change when the text does (FNV-1a; against accidents, not against malice).
    package var checksum: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in self.sql.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
