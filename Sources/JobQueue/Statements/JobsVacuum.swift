import Postgres

/// How much of the hot table is dead: versions of jobs that have gone on.
///
/// Carried by the server's own statistics.
struct JobsVacuum: PostgresStatement {
    static let sql = """
        SELECT n_dead_tup, n_live_tup FROM pg_catalog.pg_stat_all_tables WHERE relid = 'jobs.job'::regclass
        """

    /// Clears it away, unless somebody does already.
    ///
    /// Takes no lock that anybody else would wait for, and gives nothing back to the file system.
    static let script = "VACUUM (SKIP_LOCKED, INDEX_CLEANUP ON, TRUNCATE OFF) jobs.job"

    /// Dead and living rows.
    struct Row: Sendable {
        let dead: Int
        let live: Int

        /// Whether it is time: every claim walks past what is dead, and clearing away costs a look at all.
        ///
        /// A backlog of a size that takes longer than a moment is left to the server's own cleaning.
        var isWorthIt: Bool { self.dead > max(2_000, self.live / 5) && self.live < 300_000 }
    }

    var binds: [PostgresBind] { [] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row { Row(dead: try row.decode(0), live: try row.decode(1)) }
}
