package import FoundationEssentials

/// A person as Marketo describes them.
///
/// Every text is as received; `nil` = Marketo has none. Whether a text that is there says anything is `PlainText.nonBlank`'s question.
/// Source: R27, R28, R63 (the fields that are asked for).
package struct Lead: Hashable, Sendable {
    /// Marketo's number.
    package var id: LeadID
    /// `email`.
    package var email: String?
    /// `firstName`, 名.
    package var firstName: String?
    /// `lastName`, 姓.
    package var lastName: String?
    /// `company`: what the account is named after (R28).
    package var company: String?
    /// `phone`.
    package var phone: String?
    /// `mainPhone`: the company's.
    package var mainPhone: String?
    /// `mobilePhone`.
    package var mobilePhone: String?
    /// `title`, 役職.
    package var title: String?
    /// `department`, 部署.
    package var department: String?
    /// `leadScore`; may be negative (R29).
    package var leadScore: Int?
    /// `mktoAcquisitionDate` (R63).
    package var acquisitionDate: Date?
    /// When Marketo made the record.
    package var createdAt: Date?
    /// Marketo's own stamp.
    ///
    /// Covers standard fields only, so it is no version (sync-algorithms.md 7.6).
    package var updatedAt: Date?

    package init(
        id: LeadID, email: String? = nil, firstName: String? = nil, lastName: String? = nil, company: String? = nil, phone: String? = nil,
        mainPhone: String? = nil, mobilePhone: String? = nil, title: String? = nil, department: String? = nil, leadScore: Int? = nil,
        acquisitionDate: Date? = nil, createdAt: Date? = nil, updatedAt: Date? = nil
    ) {
        self.id = id
        self.email = email
        self.firstName = firstName
        self.lastName = lastName
        self.company = company
        self.phone = phone
        self.mainPhone = mainPhone
        self.mobilePhone = mobilePhone
        self.title = title
        self.department = department
        self.leadScore = leadScore
        self.acquisitionDate = acquisitionDate
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The texts of a lead, each with the name that Marketo gives it.
    static var textFields: [(name: String, path: WritableKeyPath<Lead, String?>)] {
        [
            ("email", \.email), ("firstName", \.firstName), ("lastName", \.lastName), ("company", \.company), ("phone", \.phone),
            ("mainPhone", \.mainPhone), ("mobilePhone", \.mobilePhone), ("title", \.title), ("department", \.department),
        ]
    }

    /// Drops U+0000 from every text, which no database text can hold; answers the fields that had one, for a note (CONTRACT 5).
    ///
    /// Nothing else is dropped, and nothing is ever cut.
    package mutating func dropNullCharacters() -> [String] {
        var cleaned: [String] = []
        for field in Self.textFields {
            guard let text = self[keyPath: field.path], let clean = PlainText.withoutNullCharacters(text) else { continue }
            self[keyPath: field.path] = clean
            cleaned.append(field.name)
        }
        return cleaned
    }
}
