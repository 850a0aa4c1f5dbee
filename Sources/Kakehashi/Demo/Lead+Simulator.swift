import Fleet
import Foundation
import Sync

extension Lead {
    /// A lead as Marketo's stand-in tells of it, read by other code than that of the sync.
    init(_ lead: SimulatorLead) {
        self.init(
            id: LeadID(rawValue: lead.id), email: lead.email, firstName: lead.firstName, lastName: lead.lastName, company: lead.company,
            phone: lead.phone, mainPhone: lead.mainPhone, mobilePhone: lead.mobilePhone, title: lead.title, department: lead.department,
            leadScore: lead.leadScore, acquisitionDate: lead.mktoAcquisitionDate.flatMap { try? Date($0, strategy: .iso8601) })
    }
}
