import FoundationEssentials
package import Postgres
package import Sync

/// Keeps what was just read, in place of what was kept.
///
/// - Index: `activity_reads_pkey`.
package struct KeepActivityReads: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.activity_reads (tenant_id, lead_id, read_at, is_whole, activities)
        SELECT $1, lead_id, clock_timestamp(), is_whole, activities
        FROM unnest($2::bigint[], $3::boolean[], $4::jsonb[]) AS read (lead_id, is_whole, activities)
        ORDER BY lead_id
        ON CONFLICT (tenant_id, lead_id) DO UPDATE
            SET read_at = excluded.read_at, is_whole = excluded.is_whole, activities = excluded.activities
        """
    let tenant: TenantID
    let reads: [ActivityRead]
    /// `reads`, one a lead.
    package init(tenant: TenantID, reads: [ActivityRead]) {
        self.tenant = tenant
        self.reads = reads
    }
    package var binds: [PostgresBind] {
        let texts = self.reads.map { read in
            // Texts and numbers alone: there is nothing in it that can't be encoded.
            (try? JSONEncoder().encode(read.activities)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
        }
        return [
            .int8(self.tenant.rawValue), .int8s(self.reads.map(\.lead.rawValue)), .bools(self.reads.map(\.isWhole)), .jsonbs(texts),
        ]
    }
}
