package import Postgres
package import Sync

/// Notes that a call that makes leads of some contacts leaves now.
///
/// What the first call for a contact could have told Marketo counts until an answer is stored (`EndCreation`): that call may be the one that made the lead.
///
/// - Index: `creation_turns_pkey`, `creation_attempts_pkey`.
package struct NoteCreation: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH turn AS (
            UPDATE sync.creation_turns SET sent_at = clock_timestamp() WHERE tenant_id = $1 AND holder_job = $2
        )
        INSERT INTO sync.creation_attempts (tenant_id, contact_id, baseline_seq, address)
        SELECT $1, contact_id, baseline, address FROM unnest($3::bigint[], $4::bigint[], $5::text[]) AS sent (contact_id, baseline, address)
        ORDER BY contact_id
        ON CONFLICT (tenant_id, contact_id) DO NOTHING
        """
    let tenant: TenantID
    let job: Int64
    let contacts: [FindCreations.Row]
    /// By the job `job`, of `contacts`.
    package init(tenant: TenantID, job: Int64, contacts: [FindCreations.Row]) {
        self.tenant = tenant
        self.job = job
        self.contacts = contacts
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .int8(self.job), .int8s(self.contacts.map(\.contact.rawValue)), .int8s(self.contacts.map(\.baseline)),
            .texts(self.contacts.map { $0.email ?? "" }),
        ]
    }
}
