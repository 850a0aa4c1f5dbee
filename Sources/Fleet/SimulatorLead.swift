/// A lead as Marketo's stand-in has it now.
package struct SimulatorLead: Decodable, Sendable {
    package let id: Int64
    package let email: String?
    package let firstName: String?
    package let lastName: String?
    package let company: String?
    package let phone: String?
    package let mainPhone: String?
    package let mobilePhone: String?
    package let title: String?
    package let department: String?
    package let leadScore: Int?
    package let leadStatus: String?
    /// The custom field that shows a deal's phase.
    package let mazricaPhase: String?
    /// ISO 8601.
    package let mktoAcquisitionDate: String?

    private enum CodingKeys: String, CodingKey {
        case id, email, firstName, lastName, company, phone, mainPhone, mobilePhone, title, department, leadScore, leadStatus, mktoAcquisitionDate
        case mazricaPhase = "mazrica_phase"
    }
}
