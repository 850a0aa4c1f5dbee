extension World {
    static let activityColumns = [
        "marketoGUID", "leadId", "activityDate", "activityTypeId", "campaignId", "primaryAttributeValueId", "primaryAttributeValue", "attributes",
    ]
    /// Not in all subscriptions.
    private static let special: Set<String> = ["updatedAt", "smartListId", "smartListName"]

    /// Checks the body of a create call.
    func exportOrder(_ kind: BulkJob.Kind, _ body: JSONValue) throws(VendorError) -> BulkOrder {
        let word = body["format"]?.text ?? "CSV"
        guard let format = BulkOrder.Format(rawValue: word) else { throw VendorError("1003", "Invalid value for field 'format' and value '\(word)'") }
        var columns = (body["fields"]?.elements ?? []).compactMap(\.text)
        if kind == .activities, columns.isEmpty { columns = Self.activityColumns }
        guard !columns.isEmpty else { throw VendorError("1003", "Fields not specified") }
        let unknown = columns.filter { name in
            kind == .leads ? self.leads.catalog.index(of: name) == nil : !(Self.activityColumns + ["actionResult"]).contains(name)
        }
        guard unknown.isEmpty else { throw VendorError("1003", "Invalid fields [\(unknown.joined(separator: ", "))]") }
        guard let filter = body["filter"]?.members, !filter.isEmpty else { throw VendorError("1003", "Filter not specified") }
        return BulkOrder(
            format: format, columns: columns, headers: columns.map { body["columnHeaderNames"]?[$0]?.text ?? $0 },
            filter: kind == .leads ? try self.leadFilter(filter) : try Self.activityFilter(.object(filter)))
    }

    /// One filter only.
    private func leadFilter(_ filter: [JSONValue.Member]) throws(VendorError) -> BulkOrder.Filter {
        guard filter.count == 1, let only = filter.first else { throw VendorError("1003", "Only one filter type is allowed") }
        // There are no smart lists here, so the subscription lacks their filters.
        if Self.special.contains(only.name), only.name != "updatedAt" || self.switches.bulkUpdatedAtRefused {
            throw VendorError("1035", "Unsupported filter type for target subscription: \(only.name)")
        }
        switch only.name {
        case "createdAt": return .created(try Self.range(only.value))
        case "updatedAt": return .updated(try Self.range(only.value))
        case "staticListId":
            guard let id = only.value.integer, self.lists[id] != nil else { throw VendorError("1013", "List '\(only.value.text ?? "")' not found") }
            return .list(id)
        case "staticListName":
            guard let id = self.lists.filter({ $0.value.name == only.value.text }).keys.min() else {
                throw VendorError("1013", "List '\(only.value.text ?? "")' not found")
            }
            return .list(id)
        default: throw VendorError("1003", "Invalid filter '\(only.name)'")
        }
    }

    private static func activityFilter(_ filter: JSONValue) throws(VendorError) -> BulkOrder.Filter {
        guard let range = filter["createdAt"] else { throw VendorError("1003", "Filter createdAt not specified") }
        let (ids, values) = (filter["primaryAttributeValueIds"]?.elements, filter["primaryAttributeValues"]?.elements)
        guard ids == nil || values == nil else { throw VendorError("1003", "primaryAttributeValueIds and primaryAttributeValues exclude each other") }
        guard (ids ?? values ?? []).count <= 50 else { throw VendorError("1003", "Too many primary attribute values: at most 50") }
        return .activities(
            try Self.range(range), types: filter["activityTypeIds"]?.elements.map { Set($0.compactMap { $0.text.flatMap { Int32($0) } }) },
            primaryIDs: ids.map { Set($0.compactMap(\.integer)) }, primaryValues: values.map { Set($0.compactMap(\.text)) })
    }

    /// `startAt` and `endAt`, 31 days at most; the same moment twice is a range (R).
    private static func range(_ value: JSONValue) throws(VendorError) -> ClosedRange<Int64> {
        guard let start = value["startAt"]?.text, let end = value["endAt"]?.text else { throw VendorError("1003", "startAt and endAt not specified") }
        guard let first = CivilTime.seconds(parsing: start), let last = CivilTime.seconds(parsing: end) else {
            throw VendorError("704", "Invalid date format '\(start)', '\(end)'")
        }
        guard first <= last, last - first <= 31 * 86_400 else { throw VendorError("1003", "Date range must be 31 days or less") }
        return first...last
    }
}
