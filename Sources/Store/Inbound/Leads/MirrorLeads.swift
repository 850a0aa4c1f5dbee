package import FoundationEssentials
package import Postgres
package import Sync

/// Stores leads as they were just read, each only if no newer read of it is stored.
///
/// - Shape: a row for each that was stored. Which of their contacts have to be looked at, `FindStaleLeads` tells, in a statement of its own.
/// - Index: `lead_mirror_pkey`. Before the tenant's turn is taken (`HoldTurn`), never after: nobody who has the turn waits for a row of the mirror.
package struct MirrorLeads: PostgresStatement {
    /// What was stored of a lead, as far as the database decides it.
    package struct Row: Sendable {
        /// The lead.
        package let lead: LeadID
        let snapshot: Int64
        let acquisitionDate: Date?
    }
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
                SET observed_at = excluded.observed_at, cleaned = excluded.cleaned,
                    email = CASE WHEN 'email' = ANY ($18::text[]) THEN kept.email ELSE excluded.email END,
                    first_name = CASE WHEN 'first_name' = ANY ($18::text[]) THEN kept.first_name ELSE excluded.first_name END,
                    last_name = CASE WHEN 'last_name' = ANY ($18::text[]) THEN kept.last_name ELSE excluded.last_name END,
                    company = CASE WHEN 'company' = ANY ($18::text[]) THEN kept.company ELSE excluded.company END,
                    phone = CASE WHEN 'phone' = ANY ($18::text[]) THEN kept.phone ELSE excluded.phone END,
                    main_phone = CASE WHEN 'main_phone' = ANY ($18::text[]) THEN kept.main_phone ELSE excluded.main_phone END,
                    mobile_phone = CASE WHEN 'mobile_phone' = ANY ($18::text[]) THEN kept.mobile_phone ELSE excluded.mobile_phone END,
                    title = CASE WHEN 'title' = ANY ($18::text[]) THEN kept.title ELSE excluded.title END,
                    department = CASE WHEN 'department' = ANY ($18::text[]) THEN kept.department ELSE excluded.department END,
                    lead_score = CASE WHEN 'lead_score' = ANY ($18::text[]) THEN kept.lead_score ELSE excluded.lead_score END,
                    acquisition_date = CASE WHEN 'acquisition_date' = ANY ($18::text[]) THEN kept.acquisition_date ELSE excluded.acquisition_date END,
                    created_at = CASE WHEN 'created_at' = ANY ($18::text[]) THEN kept.created_at ELSE excluded.created_at END,
                    updated_at = CASE WHEN 'updated_at' = ANY ($18::text[]) THEN kept.updated_at ELSE excluded.updated_at END
                WHERE kept.observed_at <= excluded.observed_at
            RETURNING kept.lead_id, kept.snapshot, kept.acquisition_date
        )
        SELECT lead_id, snapshot, acquisition_date FROM written ORDER BY lead_id
        """
    let tenant: TenantID
    let observedAt: Date
    let leads: [CleanLead]
    let unasked: [String]
    /// `leads` as they were read by a call that was sent after `observedAt`, by the database's clock.
    ///
    /// - Parameter unasked: the columns of the fields that were not asked for; a lead that is there keeps what it has in them.
    package init(tenant: TenantID, observedAt: Date, leads: [CleanLead], unasked: [String] = []) {
        self.tenant = tenant
        self.observedAt = observedAt
        self.leads = leads
        self.unasked = unasked
    }
    package var binds: [PostgresBind] {
        let leads = self.leads.map(\.lead)
        return [
            .int8(self.tenant.rawValue), .timestamp(self.observedAt), .int8s(leads.map(\.id.rawValue)),
            .texts(leads.map(\.email)), .texts(leads.map(\.firstName)), .texts(leads.map(\.lastName)), .texts(leads.map(\.company)),
            .texts(leads.map(\.phone)), .texts(leads.map(\.mainPhone)), .texts(leads.map(\.mobilePhone)), .texts(leads.map(\.title)),
            .texts(leads.map(\.department)), .int8s(leads.map { $0.leadScore.map(Int64.init) }),
            .timestamps(leads.map(\.acquisitionDate)), .timestamps(leads.map(\.createdAt)), .timestamps(leads.map(\.updatedAt)),
            .bools(self.leads.map(\.wasCleaned)), .texts(self.unasked),
        ]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(lead: LeadID(rawValue: try row.decode(0)), snapshot: try row.decode(1), acquisitionDate: try row.decode(2))
    }

    /// The leads of an answer as they are stored now; none when fields were not asked for, which only the database knows then.
    package func stored(_ rows: [Row]) -> [LeadID: MirroredLead] {
        guard self.unasked.isEmpty else { return [:] }
        let rowOfLead = Dictionary(rows.map { ($0.lead, $0) }, uniquingKeysWith: { first, _ in first })
        return self.leads.reduce(into: [:]) { stored, clean in
            guard let row = rowOfLead[clean.lead.id] else { return }
            var lead = clean.lead
            lead.acquisitionDate = row.acquisitionDate
            stored[lead.id] = MirroredLead(lead: lead, observedAt: self.observedAt, snapshot: row.snapshot, wasCleaned: clean.wasCleaned)
        }
    }
}
