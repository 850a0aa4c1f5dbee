import Postgres

/// Writes down what this program knows of its kinds, for enqueues from SQL.
///
/// Carried by `kind_pkey`; an older program changes nothing.
struct KindsRegister: PostgresStatement {
    static let sql = """
        INSERT INTO jobs.kind AS k (kind, version, priority, max_attempts, gate)
        SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::text[]) AS n(kind, version, priority, max_attempts, gate)
        ORDER BY n.kind
        ON CONFLICT ON CONSTRAINT kind_pkey DO UPDATE
        SET version = excluded.version, priority = excluded.priority, max_attempts = excluded.max_attempts, gate = excluded.gate, seen_at = now()
        WHERE (k.version, k.priority, k.max_attempts, k.gate) IS DISTINCT FROM (excluded.version, excluded.priority, excluded.max_attempts, excluded.gate)
            AND k.version <= excluded.version
        """

    let kinds: [String]
    let versions: [Int]
    let policies: [JobPolicy]

    var binds: [PostgresBind] {
        [
            .texts(self.kinds), .int4s(self.versions.map(Int32.init)), .int4s(self.policies.map { Int32($0.priority) }),
            .int4s(self.policies.map { Int32(clamping: $0.maxAttempts) }), .texts(self.policies.map(\.gate)),
        ]
    }
    typealias Row = PostgresNoRow
}
