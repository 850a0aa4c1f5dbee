package import Postgres
package import Sync

/// Takes back the notes on fields, before what is true now is noted.
///
/// - Index: `notes_once_idx`.
package struct DropFieldNotes: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = "DELETE FROM sync.notes WHERE tenant_id = $1 AND kind IN ('field_missing', 'field_wrong_type')"
    let tenant: TenantID
    /// Of `tenant`.
    package init(tenant: TenantID) { self.tenant = tenant }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
}
