package import FoundationEssentials

/// Something that a lead did on the web or with a mail.
package struct LeadActivity: Sendable, Equatable, Codable {
    /// A detail, as Marketo calls it, and its value as text.
    package struct Detail: Sendable, Equatable, Codable {
        package let name: String
        /// `nil` for a detail without a value.
        package let value: String?

        package init(name: String, value: String?) {
            self.name = name
            self.value = value
        }
    }

    /// Marketo's key for it.
    package let guid: String?
    package let kind: LeadActivityKind
    /// Seconds since 1970: a fixed shape for the few minutes that it is kept.
    private let seconds: Double
    /// The page, the form or the mail it is about.
    package let title: String?
    package let details: [Detail]

    package init(guid: String?, kind: LeadActivityKind, date: Date, title: String?, details: [Detail]) {
        self.guid = guid
        self.kind = kind
        self.seconds = date.timeIntervalSince1970
        self.title = title
        self.details = details
    }

    /// When it happened.
    package var date: Date { Date(timeIntervalSince1970: self.seconds) }
}
