package import Postgres
package import Sync

/// Lays aside what is to be sent to a field that is not there or can't be written; a later event is tried again (R66, R67).
///
/// - Index: `pushes_waiting_idx`.
package struct ParkPushes: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        UPDATE sync.pushes SET state = 'parked', reason = $3
        WHERE tenant_id = $1 AND field = $2 AND state = 'waiting'
        """
    let tenant: TenantID
    let field: DesiredValue.Field
    let reason: String
    /// Of `field`, because of `reason`: field_missing or field_read_only.
    package init(tenant: TenantID, field: DesiredValue.Field, reason: String) {
        self.tenant = tenant
        self.field = field
        self.reason = reason
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .text(self.field.rawValue), .text(self.reason)] }
}
