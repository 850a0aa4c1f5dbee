package import FoundationEssentials
package import Postgres
package import Sync

/// Of some contacts those of whom something still waits that a job did not take: the lead is in another job's call just now, its kind has just been held, or
/// it is sent once more only later.
///
/// Their jobs have to come back, or nobody would send it. Ask in the transaction that takes (`TakePushes`), after it.
///
/// - Index: `pushes_contact_idx`; the tenant in a form that is no index's, see there.
package struct FindLeftContacts: PostgresStatement {
    /// A contact, and when it is sent once more, if that is what it waits for.
    package struct Row: Sendable {
        package let contact: ContactID
        package let confirmAt: Date?
    }
    package static let sql = """
        SELECT pushes.contact_id, CASE WHEN bool_and(pushes.state = 'acked') THEN max(pushes.confirm_at) END
        FROM sync.pushes
        WHERE pushes.tenant_id + 0 = $1 AND pushes.contact_id = ANY ($4::bigint[]) AND sync.push_kind(pushes.field) = $3
            AND pushes.holder_job IS DISTINCT FROM $2
            AND (pushes.state IN ('waiting', 'sending') OR pushes.state = 'acked' AND pushes.confirm_at IS NOT NULL)
        GROUP BY pushes.contact_id
        """
    let tenant: TenantID
    let job: Int64
    let kind: String
    let contacts: [ContactID]
    /// Of `contacts`, besides what the job `job` of the kind `kind` holds.
    package init(tenant: TenantID, job: Int64, kind: String, contacts: [ContactID]) {
        self.tenant = tenant
        self.job = job
        self.kind = kind
        self.contacts = contacts
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.job), .text(self.kind), .int8s(self.contacts.map(\.rawValue))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(contact: ContactID(rawValue: try row.decode(0)), confirmAt: try row.decode(1))
    }
}
