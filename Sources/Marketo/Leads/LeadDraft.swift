import FoundationEssentials
import Sync

/// A lead of which not everything has been read yet.
struct LeadDraft {
    var id: LeadID?
    var others: [String: FieldValue] = [:]
    /// The REST name of a member whose value is not of its type.
    var badMember: String?
    private var email: String?
    private var firstName: String?
    private var lastName: String?
    private var company: String?
    private var phone: String?
    private var mainPhone: String?
    private var mobilePhone: String?
    private var title: String?
    private var department: String?
    private var leadScore: Int?
    private var acquisitionDate: Date?
    private var createdAt: Date?
    private var updatedAt: Date?

    /// Takes a field's value; `false` when it is not of the field's type.
    mutating func take(_ value: JSONValue, for field: LeadField) -> Bool {
        switch field {
        case .email: Self.put(value, value.plainText, in: &self.email)
        case .firstName: Self.put(value, value.plainText, in: &self.firstName)
        case .lastName: Self.put(value, value.plainText, in: &self.lastName)
        case .company: Self.put(value, value.plainText, in: &self.company)
        case .phone: Self.put(value, value.plainText, in: &self.phone)
        case .mainPhone: Self.put(value, value.plainText, in: &self.mainPhone)
        case .mobilePhone: Self.put(value, value.plainText, in: &self.mobilePhone)
        case .title: Self.put(value, value.plainText, in: &self.title)
        case .department: Self.put(value, value.plainText, in: &self.department)
        case .leadScore: Self.put(value, value.wholeNumber.flatMap { Int32(exactly: $0) }.map { Int($0) }, in: &self.leadScore)
        case .acquisitionDate: Self.put(value, value.moment, in: &self.acquisitionDate)
        case .createdAt: Self.put(value, value.moment, in: &self.createdAt)
        case .updatedAt: Self.put(value, value.moment, in: &self.updatedAt)
        }
    }

    private static func put<Value>(_ raw: JSONValue, _ value: Value?, in place: inout Value?) -> Bool {
        place = value
        // An empty text in a field of another type is an unset one.
        return value != nil || raw == .null || raw == .text("")
    }

    /// The lead, or what stood in the way.
    var row: LeadRow {
        guard let id else { return LeadRow(lead: nil, others: [:], unreadable: UnreadableRecord(leadID: nil, member: "id")) }
        if let badMember { return LeadRow(lead: nil, others: [:], unreadable: UnreadableRecord(leadID: id, member: badMember)) }
        let lead = Lead(
            id: id, email: self.email, firstName: self.firstName, lastName: self.lastName, company: self.company, phone: self.phone,
            mainPhone: self.mainPhone, mobilePhone: self.mobilePhone, title: self.title, department: self.department, leadScore: self.leadScore,
            acquisitionDate: self.acquisitionDate, createdAt: self.createdAt, updatedAt: self.updatedAt)
        return LeadRow(lead: lead, others: self.others, unreadable: nil)
    }
}
