/// A lead as it truly is now: what a test compares the other side with.
package struct SimulatedLead: Sendable, Codable, Equatable {
    package var id: Int64
    package var email: String?
    package var firstName: String?
    package var lastName: String?
    package var company: String?
    package var title: String?
    package var department: String?
    package var phone: String?
    package var mobilePhone: String?
    package var mainPhone: String?
    package var leadScore: Int64?
    package var leadStatus: String?
    package var mktoAcquisitionDate: String?
    package var createdAt: String?
    package var updatedAt: String?
    package var mazricaPhase: String?

    init(_ table: LeadTable, row: Int) {
        func text(_ field: Int) -> String? { table[row, field].text }
        func time(_ field: Int) -> String? { table[row, field].number.map { CivilTime(seconds: $0).zulu } }
        self.id = table.id(ofRow: row)
        self.email = text(LeadField.Index.email)
        self.firstName = text(LeadField.Index.firstName)
        self.lastName = text(LeadField.Index.lastName)
        self.company = text(LeadField.Index.company)
        self.title = text(LeadField.Index.title)
        self.department = text(LeadField.Index.department)
        self.phone = text(LeadField.Index.phone)
        self.mobilePhone = text(LeadField.Index.mobilePhone)
        self.mainPhone = text(LeadField.Index.mainPhone)
        self.leadScore = table[row, LeadField.Index.leadScore].number
        self.leadStatus = text(LeadField.Index.leadStatus)
        self.mktoAcquisitionDate = time(LeadField.Index.acquisitionDate)
        self.createdAt = time(LeadField.Index.createdAt)
        self.updatedAt = time(LeadField.Index.updatedAt)
        self.mazricaPhase = table.catalog.fields.firstIndex { $0.name == "mazrica_phase" }.flatMap { text($0) }
    }
}
