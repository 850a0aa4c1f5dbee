import Marketo
import Store
import Sync

extension NoteFields {
    /// Keeps what the connection test has read.
    init(tenant: TenantID, schema: LeadSchema, settings: TenantSettings) {
        let phase = schema.phaseField(named: settings.phaseField)
        let status = schema.statusField(named: settings.statusField)
        self.init(
            tenant: tenant, acquisitionDate: schema.acquisitionDateField?.name,
            phase: Role(name: phase?.name, fault: phase.fault, length: phase?.length),
            status: Role(name: status?.name, fault: status.fault, length: status?.length))
    }
}
