import Postgres
import Sync

/// On which terms leads are applied at this moment: by which settings, and whether an operator has it rest.
///
/// Read when the turn is held: a setting that changes meanwhile waits for the turn to tell whom it concerns (0004, `follow_settings`).
///
/// - Index: `tenants_pkey`, `gate_pkey`. No row: the tenant was removed.
struct FindTerms: PostgresStatement {
    struct Row: Sendable {
        /// The settings set by hand.
        let overrides: [String: String]
        /// The tenant, or this kind of work, is paused.
        let isPaused: Bool
    }

    static let sql = """
        SELECT tenants.settings::text,
            EXISTS (
                SELECT FROM jobs.gate
                WHERE gate.tenant_id = $1 AND gate.name IN ('tenant', 'kind:upsert-contact') AND gate.shut_until > clock_timestamp()
            )
        FROM sync.tenants
        WHERE tenants.id = $1
        """
    let tenant: TenantID
    var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(overrides: SettingsJSON.map(try row.decode(0)), isPaused: try row.decode(1))
    }
}
