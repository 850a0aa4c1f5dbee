package import FoundationEssentials
package import Postgres
package import Sync

/// Stores leads as they were just read, each only if no newer read of it is stored.
///
/// - Shape: a row for each lead whose contact now has to be looked at: new, changed, or neither linked nor listed yet.
package struct MirrorLeads: PostgresStatement {
    package typealias Row = LeadID
    package static let sql = """
        WITH written AS (
            INSERT INTO sync.lead_mirror AS kept (
                tenant_id, lead_id, observed_at, email, first_name, last_name, company, phone, main_phone, mobile_phone, title, department,
                lead_score, acquisition_date, created_at, updated_at, cleaned
            )
            SELECT $1, lead_id, $2, email, first_name, last_name, company, phone, main_phone, mobile_phone, title, department,
                lead_score, acquisition_date, created_at, updated_at, cleaned
            FROM unnest(
                $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
                $13::bigint[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::boolean[]
            ) AS read (
                lead_id, email, first_name, last_name, company, phone, main_phone, mobile_phone, title, department,
                lead_score, acquisition_date, created_at, updated_at, cleaned
            )
            ORDER BY lead_id
            ON CONFLICT (tenant_id, lead_id) DO UPDATE
                SET observed_at = excluded.observed_at, email = excluded.email, first_name = excluded.first_name,
                    last_name = excluded.last_name, company = excluded.company, phone = excluded.phone, main_phone = excluded.main_phone,
                    mobile_phone = excluded.mobile_phone, title = excluded.title, department = excluded.department,
                    lead_score = excluded.lead_score, acquisition_date = excluded.acquisition_date, created_at = excluded.created_at,
                    updated_at = excluded.updated_at, cleaned = excluded.cleaned
                WHERE kept.observed_at <= excluded.observed_at
            RETURNING kept.lead_id, kept.snapshot
        ), found_again AS (
            DELETE FROM sync.lost_leads USING written
            WHERE lost_leads.tenant_id = $1 AND lost_leads.lead_id = written.lead_id AND lost_leads.state = 'missing'
        )
        SELECT written.lead_id FROM written
        WHERE (
                NOT EXISTS (
                    SELECT FROM sync.lead_links
                    WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = written.lead_id AND lead_links.snapshot = written.snapshot
                        AND lead_links.state = 'active'
                )
                -- One contact of several, as a merge leaves them, may be behind the others.
                OR EXISTS (
                    SELECT FROM sync.lead_links
                    WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = written.lead_id AND lead_links.snapshot <> written.snapshot
                        AND lead_links.state = 'active'
                )
            )
            AND NOT EXISTS (
                SELECT FROM sync.quarantine
                WHERE quarantine.tenant_id = $1 AND quarantine.lead_id = written.lead_id AND quarantine.snapshot = written.snapshot
                    AND quarantine.reason IN ('email_invalid', 'score_out_of_range')
            )
        ORDER BY written.lead_id
        """
    let tenant: TenantID
    let observedAt: Date
    let leads: [CleanLead]
    /// `leads` as they were read by a call that was sent after `observedAt`, by the database's clock.
    package init(tenant: TenantID, observedAt: Date, leads: [CleanLead]) {
        self.tenant = tenant
        self.observedAt = observedAt
        self.leads = leads
    }
    package var binds: [PostgresBind] {
        let leads = self.leads.map(\.lead)
        return [
            .int8(self.tenant.rawValue), .timestamp(self.observedAt), .int8s(leads.map(\.id.rawValue)),
            .texts(leads.map(\.email)), .texts(leads.map(\.firstName)), .texts(leads.map(\.lastName)), .texts(leads.map(\.company)),
            .texts(leads.map(\.phone)), .texts(leads.map(\.mainPhone)), .texts(leads.map(\.mobilePhone)), .texts(leads.map(\.title)),
            .texts(leads.map(\.department)), .int8s(leads.map { $0.leadScore.map(Int64.init) }),
            .timestamps(leads.map(\.acquisitionDate)), .timestamps(leads.map(\.createdAt)), .timestamps(leads.map(\.updatedAt)),
            .bools(self.leads.map(\.wasCleaned)),
        ]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> LeadID { LeadID(rawValue: try row.decode(0)) }
}
