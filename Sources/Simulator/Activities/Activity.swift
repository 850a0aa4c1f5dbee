/// What happened to a lead, as the activity log keeps it.
package struct Activity: Sendable {
    /// The types the simulator writes by itself; others can be put in by the control API.
    package enum Kind {
        package static let newLead = 12, changeDataValue = 13, changeScore = 22, merge = 32, delete = 37, pushLead = 145
    }

    /// A name and a typed value.
    package struct Attribute: Sendable, Equatable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// What 13 tells `leadchanges.json`.
    struct Change: Sendable {
        let field: Int
        let old: String?
        let new: String?
    }

    package var type: Int
    package var lead: Int64
    /// Seconds since 1970: what the date filters look at.
    package var date: Int64
    package var campaign: Int64?
    package var primaryID: Int64?
    package var primaryValue: String?
    package var attributes: [Attribute]
    var changes: [Change] = []

    package init(
        type: Int, lead: Int64, date: Int64, campaign: Int64? = nil, primaryID: Int64? = nil, primaryValue: String? = nil,
        attributes: [Attribute] = []
    ) {
        self.type = type
        self.lead = lead
        self.date = date
        self.campaign = campaign
        self.primaryID = primaryID
        self.primaryValue = primaryValue
        self.attributes = attributes
    }

    /// How long the vendor keeps the type, in seconds; `nil`: for ever.
    ///
    /// Source: reference 5.5.
    static func retention(of type: Int) -> Int64? {
        switch type {
        case Kind.newLead: nil
        case Kind.delete: 14 * 86_400
        case 1, 3, 6, 7, 13, 19, 22, 24, 25, 26, 47: 90 * 86_400
        default: 760 * 86_400
        }
    }
}
