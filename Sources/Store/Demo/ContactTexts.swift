package import Sync

/// What a contact is made of once and for all: a later change in Marketo does not reach it (R5, R63).
package struct ContactTexts: Sendable, Hashable {
    let name: String?
    let email: String?
    let phone: String?
    let mobilePhone: String?
    let department: String?
    let title: String?

    /// As the database has them.
    package init(
        name: String?, email: String? = nil, phone: String? = nil, mobilePhone: String? = nil, department: String? = nil, title: String? = nil
    ) {
        self.name = name
        self.email = email
        self.phone = phone
        self.mobilePhone = mobilePhone
        self.department = department
        self.title = title
    }

    /// What a contact made of this lead reads (CONTRACT 5, "From a lead").
    package init(of lead: Lead) {
        self.init(
            name: lead.contactName, email: PlainText.nonBlank(lead.email).map(PlainText.trimmed), phone: PlainText.nonBlank(lead.phone),
            mobilePhone: PlainText.nonBlank(lead.mobilePhone), department: PlainText.nonBlank(lead.department),
            title: PlainText.nonBlank(lead.title))
    }

    /// The columns in which the two differ, never what they hold.
    func columnsDiffering(from other: ContactTexts) -> [String] {
        let pairs = [
            ("name", self.name, other.name), ("email", self.email, other.email), ("phone", self.phone, other.phone),
            ("mobile_phone", self.mobilePhone, other.mobilePhone), ("department", self.department, other.department),
            ("title", self.title, other.title),
        ]
        return pairs.filter { $0.1 != $0.2 }.map(\.0)
    }
}
