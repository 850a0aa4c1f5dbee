package import Postgres

/// Makes a job due now that is tried again later, or is dead: what was done, in a sentence.
///
/// - Index: `job_pkey`, `dead_pkey`, `job_waiting_once`.
package struct RetryJob: PostgresStatement {
    package static let sql = "SELECT ops.retry_job($1)"
    let id: Int64
    /// By its number.
    package init(id: Int64) { self.id = id }
    package var binds: [PostgresBind] { [.int8(self.id)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}

/// Calls a job off: what was done, in a sentence.
///
/// - Index: `job_pkey`, `dead_pkey`.
package struct CancelJob: PostgresStatement {
    package static let sql = "SELECT ops.cancel_job($1)"
    let id: Int64
    /// By its number.
    package init(id: Int64) { self.id = id }
    package var binds: [PostgresBind] { [.int8(self.id)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}

/// Lays a job aside as dead: what was done, in a sentence.
///
/// - Index: `job_pkey`.
package struct BuryJob: PostgresStatement {
    package static let sql = "SELECT ops.bury_job($1, $2)"
    let id: Int64
    let reason: String
    /// By its number, because of `reason`.
    package init(id: Int64, reason: String) {
        self.id = id
        self.reason = reason
    }
    package var binds: [PostgresBind] { [.int8(self.id), .text(self.reason)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}

/// Makes all dead jobs due now, or those of a tenant or kind: how many, in a sentence.
///
/// - Index: `dead_tenant_kind`, `dead_pkey`.
package struct RetryDeadJobs: PostgresStatement {
    package static let sql = "SELECT ops.retry_dead($1, $2)"
    let tenant: String?
    let kind: String?
    /// Of `tenant` and of a `kind`, where those are given.
    package init(tenant: String?, kind: String?) {
        self.tenant = tenant
        self.kind = kind
    }
    package var binds: [PostgresBind] { [.text(self.tenant), .text(self.kind)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}
