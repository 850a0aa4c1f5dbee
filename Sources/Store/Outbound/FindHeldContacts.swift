package import Postgres
package import Sync

/// Of some contacts those with a lead that is in another job's call just now.
///
/// - Index: `lead_links_contact_idx`, `pushes_pkey`, `job_pkey`.
package struct FindHeldContacts: PostgresStatement {
    package typealias Row = ContactID
    package static let sql = """
        SELECT DISTINCT lead_links.contact_id
        FROM sync.lead_links
        JOIN sync.pushes ON pushes.tenant_id = $1 AND pushes.lead_id = lead_links.lead_id AND pushes.holder_job <> $2
        JOIN jobs.job ON job.id = pushes.holder_job AND job.state = 'running' AND job.lease_no = pushes.holder_lease
            AND job.lease_until > clock_timestamp()
        WHERE lead_links.tenant_id = $1 AND lead_links.contact_id = ANY ($3::bigint[]) AND lead_links.state = 'active'
        """
    let tenant: TenantID
    let job: Int64
    let contacts: [ContactID]
    /// Of `contacts`; the calls of the job `job` don't count.
    package init(tenant: TenantID, job: Int64, contacts: [ContactID]) {
        self.tenant = tenant
        self.job = job
        self.contacts = contacts
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.job), .int8s(self.contacts.map(\.rawValue))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> ContactID { ContactID(rawValue: try row.decode(0)) }
}
