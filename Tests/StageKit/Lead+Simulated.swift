import Foundation
package import Simulator
package import Sync

extension Lead {
    /// As Marketo has it.
    package init(_ lead: SimulatedLead) {
        self.init(
            id: LeadID(rawValue: lead.id), email: lead.email, firstName: lead.firstName, lastName: lead.lastName, company: lead.company,
            phone: lead.phone, mainPhone: lead.mainPhone, mobilePhone: lead.mobilePhone, title: lead.title, department: lead.department,
            leadScore: lead.leadScore.map { Int($0) }, acquisitionDate: lead.mktoAcquisitionDate.flatMap { try? Date($0, strategy: .iso8601) })
    }
}
