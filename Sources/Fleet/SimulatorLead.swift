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
    /// ISO 8601.
    package let mktoAcquisitionDate: String?
}
