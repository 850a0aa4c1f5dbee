import FoundationEssentials
import Postgres

/// Gives up the lead, so that another need not wait for its end.
///
/// Carried by `leader_pkey`.
struct LeaderResign: PostgresStatement {
    static let sql = "UPDATE jobs.leader SET expires_at = '-infinity' WHERE name = $1 AND holder = $2 AND term = $3"

    let name: String
    let holder: UUID
    let term: Int64

    var binds: [PostgresBind] { [.text(self.name), .uuid(self.holder), .int8(self.term)] }
    typealias Row = PostgresNoRow
}
