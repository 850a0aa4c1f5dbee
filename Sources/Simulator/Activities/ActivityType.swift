/// One row of `activities/types.json`.
///
/// Source: reference 5.4 (recorded 2023 unless marked there).
struct ActivityType: Sendable {
    let id: Int
    let name: String
    /// Name and data type; New Lead has none.
    let primary: (name: String, type: String)?
    let attributes: [(name: String, type: String)]

    private init(_ id: Int, _ name: String, _ primary: (String, String)?, _ strings: [String], typed: [(String, String)] = []) {
        self.id = id
        self.name = name
        self.primary = primary.map { (name: $0.0, type: $0.1) }
        self.attributes = (strings.map { (name: $0, type: "string") } + typed.map { (name: $0.0, type: $0.1) }).sorted { $0.name < $1.name }
    }

    private static let web = ["Client IP Address", "Query Parameters", "Referrer URL", "User Agent"]
    private static let mail = ["Choice Number", "Has Predictive", "Step ID", "Test Variant"]
    private static let writer = ["API Method Name", "Modifying User", "Request Id"]

    /// Every type the instance knows.
    static let all: [ActivityType] = [
        .init(1, "Visit Webpage", ("Webpage ID", "integer"), Self.web + ["Search Engine", "Search Query", "Webpage URL"]),
        .init(2, "Fill Out Form", ("Webform ID", "integer"), Self.web, typed: [("Form Fields", "text"), ("Webpage ID", "integer")]),
        .init(3, "Click Link", ("Link ID", "integer"), Self.web, typed: [("Webpage ID", "integer")]),
        .init(6, "Send Email", ("Mailing ID", "integer"), Self.mail, typed: [("Campaign Run ID", "integer")]),
        .init(7, "Email Delivered", ("Mailing ID", "integer"), Self.mail, typed: [("Campaign Run ID", "integer")]),
        .init(
            8, "Email Bounced", ("Mailing ID", "integer"), Self.mail + ["Category", "Details", "Email", "Subcategory"],
            typed: [("Campaign Run ID", "integer")]),
        .init(
            9, "Unsubscribe Email", ("Mailing ID", "integer"), Self.web + ["Has Predictive", "Test Variant"],
            typed: [("Campaign Run ID", "integer"), ("Form Fields", "text"), ("Webform ID", "integer"), ("Webpage ID", "integer")]),
        .init(
            10, "Open Email", ("Mailing ID", "integer"), Self.mail + ["Bot Activity Pattern", "Device", "Platform", "User Agent"],
            typed: [("Campaign Run ID", "integer"), ("Is Bot Activity", "boolean"), ("Is Mobile Device", "boolean")]),
        .init(
            11, "Click Email", ("Mailing ID", "integer"),
            Self.mail + ["Bot Activity Pattern", "Device", "Link", "Link ID", "Platform", "User Agent"],
            typed: [
                ("Campaign Run ID", "integer"), ("Is Bot Activity", "boolean"), ("Is Mobile Device", "boolean"), ("Is Predictive", "boolean"),
            ]),
        .init(
            12, "New Lead", nil, Self.writer + ["Form Name", "Lead Source", "List Name", "SFDC Type", "Source Type"],
            typed: [("Created Date", "date")]),
        .init(13, "Change Data Value", ("Attribute Name", "string"), Self.writer + ["New Value", "Old Value", "Reason", "Source"]),
        .init(
            22, "Change Score", ("Score Name", "string"), ["Change Value", "Reason"], typed: [("New Value", "integer"), ("Old Value", "integer")]),
        .init(24, "Add to List", ("List ID", "integer"), ["Source"]),
        .init(25, "Remove from List", ("List ID", "integer"), ["Source"]),
        .init(27, "Email Bounced Soft", ("Mailing ID", "integer"), Self.mail + ["Category", "Details", "Email", "Subcategory"]),
        .init(32, "Merge Leads", ("Lead ID", "integer"), ["Merge Fields", "Merge IDs"]),
        .init(37, "Delete Lead", ("Lead ID", "integer"), []),
        .init(38, "Send Alert", ("Mailing ID", "integer"), ["Send To List", "Send To Owner"]),
        .init(46, "Interesting Moment", ("Type", "string"), ["Description", "Source"], typed: [("Date", "datetime")]),
        .init(47, "Request Campaign", ("Campaign ID", "integer"), ["Source"]),
        .init(100, "Change Lead Partition", ("New Partition ID", "integer"), ["Reason"], typed: [("Old Partition ID", "integer")]),
        .init(
            104, "Change Status in Progression", ("Program ID", "integer"), ["New Status", "Old Status", "Reason"],
            typed: [
                ("Acquired By", "boolean"), ("New Status ID", "integer"), ("Old Status ID", "integer"), ("Program Member ID", "integer"),
                ("Success", "boolean"),
            ]),
        .init(110, "Call Webhook", ("Webhook", "integer"), ["Error Type", "Response"]),
        .init(113, "Add to Nurture", ("Program ID", "integer"), ["Track Name"], typed: [("Track ID", "integer")]),
        .init(
            114, "Change Nurture Track", ("Program ID", "integer"), ["Previous Track Name", "Track Name"],
            typed: [("New Track ID", "integer"), ("Previous Track ID", "integer")]),
        .init(115, "Change Nurture Cadence", ("Program ID", "integer"), ["New Nurture Cadence", "Previous Nurture Cadence"]),
        .init(
            123, "Change Program Member Data", ("Program ID", "integer"), ["Attribute Name", "New Value", "Old Value", "Reason", "Source"],
            typed: [("Program Member ID", "integer")]),
        .init(145, "Push Lead to Marketo", ("Program ID", "integer"), ["Reason", "Source"]),
        .init(155, "Execute Campaign", ("Campaign ID", "integer"), ["Qualified", "Used Parent Campaign Token Context"]),
    ]
}
