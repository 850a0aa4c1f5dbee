import FoundationEssentials
import Postgres

/// Takes or renews the lead: the term by which it is held, or no row when another leads.
///
/// Carried by `leader_pkey`.
///
/// Renewed only by (holder, term); the term and the end are the database's to give.
struct LeaderHold: PostgresStatement {
    static let sql = """
        INSERT INTO jobs.leader AS l (name, holder, term, expires_at) VALUES ($1, $2, 1, now() + $4 * interval '1 second')
        ON CONFLICT ON CONSTRAINT leader_pkey DO UPDATE
        SET holder = excluded.holder, expires_at = excluded.expires_at,
            term = CASE WHEN l.holder = $2 AND l.term = $3 AND l.expires_at >= now() THEN l.term ELSE l.term + 1 END
        WHERE l.expires_at < now() OR (l.holder = $2 AND l.term = $3)
        RETURNING l.term
        """

    let name: String
    let holder: UUID
    /// The term held so far; 0: none.
    let term: Int64
    let lease: Duration

    var binds: [PostgresBind] { [.text(self.name), .uuid(self.holder), .int8(self.term), .double(self.lease.seconds)] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
