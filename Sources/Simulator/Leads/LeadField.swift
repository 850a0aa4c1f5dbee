/// One field of the lead database as `describe.json` tells it.
package struct LeadField: Sendable, Equatable {
    /// How a value is stored and checked.
    ///
    /// The raw value is the vendor's word (R).
    package enum DataType: String, Sendable, Codable {
        case string, text, email, phone, url, integer, float, currency, percent, boolean, date, datetime, reference
    }

    /// The vendor's number of the field; what activities 13 and 22 name.
    package var id: Int64
    /// The REST name.
    package var name: String
    package var displayName: String
    package var type: DataType
    /// Only string-like types have one.
    package var length: Int?
    package var isReadOnly: Bool
    package var soapName: String?
    package var isCustom: Bool
    /// Made by a call of the API, of which there may be a hundred.
    var isAPICreated = false
    /// Declared as a score, whatever it is called.
    var isDeclaredScore = false

    package init(
        id: Int64, name: String, displayName: String, type: DataType, length: Int? = nil, isReadOnly: Bool = false, soapName: String? = nil,
        isCustom: Bool = false
    ) {
        self.id = id
        self.name = name
        self.displayName = displayName
        self.type = type
        self.length = length
        self.isReadOnly = isReadOnly
        self.soapName = soapName
        self.isCustom = isCustom
    }

    /// A change of it is a Change Score (22), not only a Change Data Value (13).
    package var isScore: Bool {
        self.type == .integer && (self.isDeclaredScore || self.name.lowercased().hasSuffix("score"))
    }

    /// Belongs to the lead's company, which the API keeps under its own calls.
    var isOfCompany: Bool { Self.companyNames.contains(self.name) }

    /// May be a `filterType`: the standard keys, and custom fields of type string, e-mail and integer (D).
    ///
    /// Dates and texts never.
    package var isSearchable: Bool {
        if self.isCustom { return [.string, .email, .integer].contains(self.type) }
        return Self.standardKeys.contains(self.name)
    }

    private static let companyNames: Set<String> = ["company", "mainPhone", "website", "industry", "annualRevenue", "numberOfEmployees"]

    private static let standardKeys: Set<String> = [
        "id", "email", "cookies", "facebookId", "linkedInId", "twitterId", "leadPartitionId", "sfdcAccountId", "sfdcContactId", "sfdcLeadId",
        "sfdcLeadOwnerId", "sfdcOpptyId",
    ]
}
