/// The calls the simulator knows.
enum VendorRoute: Sendable, Equatable {
    case identity
    case lead(Int64), leadsByFilter, leadsByList(Int64), syncLeads, pushLeads, deleteLeads, mergeLeads(Int64), associateLead(Int64)
    case describe, describe2, schemaFields, createFields, schemaField(String), updateField(String)
    case activityTypes, pagingToken, activities, leadChanges, deletedLeads
    case usage(days: Int), errors(days: Int)
    case lists, list(Int64), addToList(Int64), removeFromList(Int64), isMember(Int64)
    case createExport(BulkJob.Kind), exports(BulkJob.Kind)
    case enqueueExport(BulkJob.Kind, String), cancelExport(BulkJob.Kind, String), exportStatus(BulkJob.Kind, String), exportFile(BulkJob.Kind, String)
    /// The path is known, the method is not.
    case wrongMethod
    case unknown

    init(method: String, path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        guard !parts.contains("") else {
            // Double slashes are no longer accepted (D).
            self = .unknown
            return
        }
        switch parts {
        case ["identity", "oauth", "token"]: self = Self.only(["GET", "POST"], method, .identity)
        case ["rest", "v1", "leads.json"]:
            self = method == "GET" ? .leadsByFilter : method == "POST" ? .syncLeads : method == "DELETE" ? .deleteLeads : .wrongMethod
        case ["rest", "v1", "leads", "delete.json"]: self = Self.only(["POST", "DELETE"], method, .deleteLeads)
        case ["rest", "v1", "leads", "push.json"]: self = Self.only(["POST"], method, .pushLeads)
        case ["rest", "v1", "leads", "describe.json"]: self = Self.only(["GET"], method, .describe)
        case ["rest", "v1", "leads", "describe2.json"]: self = Self.only(["GET"], method, .describe2)
        case ["rest", "v1", "leads", "schema", "fields.json"]:
            self = method == "GET" ? .schemaFields : method == "POST" ? .createFields : .wrongMethod
        case ["rest", "v1", "activities", "types.json"]: self = Self.only(["GET"], method, .activityTypes)
        case ["rest", "v1", "activities", "pagingtoken.json"]: self = Self.only(["GET"], method, .pagingToken)
        case ["rest", "v1", "activities.json"]: self = Self.only(["GET"], method, .activities)
        case ["rest", "v1", "activities", "leadchanges.json"]: self = Self.only(["GET"], method, .leadChanges)
        case ["rest", "v1", "activities", "deletedleads.json"]: self = Self.only(["GET"], method, .deletedLeads)
        case ["rest", "v1", "stats", "usage.json"]: self = Self.only(["GET"], method, .usage(days: 1))
        case ["rest", "v1", "stats", "usage", "last7days.json"]: self = Self.only(["GET"], method, .usage(days: 7))
        case ["rest", "v1", "stats", "errors.json"]: self = Self.only(["GET"], method, .errors(days: 1))
        case ["rest", "v1", "stats", "errors", "last7days.json"]: self = Self.only(["GET"], method, .errors(days: 7))
        case ["rest", "v1", "lists.json"]: self = Self.only(["GET"], method, .lists)
        default: self = Self.withID(method, parts)
        }
    }

    /// Paths with a number or a name in them.
    private static func withID(_ method: String, _ parts: [String]) -> VendorRoute {
        if parts.count >= 4, parts[0] == "bulk", parts[1] == "v1", let kind = BulkJob.Kind(rawValue: parts[2]) {
            return Self.bulk(method, kind, Array(parts.dropFirst(3)))
        }
        guard parts.count >= 4, parts[0] == "rest", parts[1] == "v1" else { return .unknown }
        let last = parts[parts.count - 1]
        switch (parts[2], parts.count) {
        case ("lead", 4):
            return Self.number(last).map { Self.only(["GET"], method, .lead($0)) } ?? .unknown
        case ("lists", 4), ("list", 4):
            return Self.number(last).map { Self.only(["GET"], method, .list($0)) } ?? .unknown
        case ("leads", 5) where last == "merge.json":
            return Int64(parts[3]).map { Self.only(["POST"], method, .mergeLeads($0)) } ?? .unknown
        case ("leads", 5) where last == "associate.json":
            return Int64(parts[3]).map { Self.only(["POST"], method, .associateLead($0)) } ?? .unknown
        case ("leads", 6) where parts[3] == "schema" && parts[4] == "fields" && last.hasSuffix(".json"):
            let name = String(last.dropLast(5))
            return method == "GET" ? .schemaField(name) : method == "POST" ? .updateField(name) : .wrongMethod
        case ("list", 5), ("lists", 5):
            guard let id = Int64(parts[3]), last == "leads.json" else { return .unknown }
            return method == "GET" ? .leadsByList(id) : method == "POST" ? .addToList(id) : method == "DELETE" ? .removeFromList(id) : .wrongMethod
        case ("lists", 6) where parts[4] == "leads" && last == "ismember.json":
            return Int64(parts[3]).map { Self.only(["GET"], method, .isMember($0)) } ?? .unknown
        default: return .unknown
        }
    }

    /// What follows `/bulk/v1/leads/` or `/bulk/v1/activities/`.
    private static func bulk(_ method: String, _ kind: BulkJob.Kind, _ parts: [String]) -> VendorRoute {
        switch (parts.first, parts.count, parts.last) {
        case ("export.json", 1, _): Self.only(["GET"], method, .exports(kind))
        case ("export", 2, "create.json"): Self.only(["POST"], method, .createExport(kind))
        case ("export", 3, "enqueue.json"): Self.only(["POST"], method, .enqueueExport(kind, parts[1]))
        case ("export", 3, "cancel.json"): Self.only(["POST"], method, .cancelExport(kind, parts[1]))
        case ("export", 3, "status.json"): Self.only(["GET"], method, .exportStatus(kind, parts[1]))
        case ("export", 3, "file.json"): Self.only(["GET"], method, .exportFile(kind, parts[1]))
        default: .unknown
        }
    }

    private static func number(_ file: String) -> Int64? {
        file.hasSuffix(".json") ? Int64(file.dropLast(5)) : nil
    }

    private static func only(_ methods: [String], _ method: String, _ route: VendorRoute) -> VendorRoute {
        methods.contains(method) ? route : .wrongMethod
    }

    /// What the API role must allow; `nil`: nothing.
    var permission: APIClient.Permission? {
        switch self {
        case .identity, .usage, .errors, .wrongMethod, .unknown: nil
        case .lead, .leadsByFilter, .leadsByList, .describe, .describe2, .lists, .list, .isMember: .readLead
        case .syncLeads, .pushLeads, .deleteLeads, .mergeLeads, .associateLead, .addToList, .removeFromList: .writeLead
        case .schemaFields, .schemaField: .readSchema
        case .createFields, .updateField: .writeSchema
        case .activityTypes, .pagingToken, .activities, .leadChanges, .deletedLeads: .readActivity
        case .createExport(let kind), .exports(let kind), .enqueueExport(let kind, _), .cancelExport(let kind, _), .exportStatus(let kind, _),
            .exportFile(let kind, _):
            kind == .leads ? .readLead : .readActivity
        }
    }

    var isBulk: Bool {
        switch self {
        case .createExport, .exports, .enqueueExport, .cancelExport, .exportStatus, .exportFile: true
        default: false
        }
    }

    var isEnqueue: Bool { if case .enqueueExport = self { true } else { false } }
    var isFile: Bool { if case .exportFile = self { true } else { false } }

    /// One of the three feeds of pages.
    var isActivityFeed: Bool {
        switch self {
        case .activities, .leadChanges, .deletedLeads: true
        default: false
        }
    }

    var isStats: Bool {
        switch self {
        case .usage, .errors: true
        default: false
        }
    }

    /// The path with `{id}` for numbers, for the evidence.
    static func label(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map { part in
            // A number, or an export's id.
            let isNumber = part.first.map { $0.isASCII && $0.isNumber } ?? false || part.utf8.count == 36 && part.utf8.count { $0 == 0x2D } == 4
            return isNumber ? (part.hasSuffix(".json") ? "{id}.json" : "{id}") : String(part)
        }.joined(separator: "/")
    }
}
