import FoundationEssentials
import Sync

/// One element of a page of activities.
enum ActivityRow: Sendable {
    case activity(Activity)
    case unreadable(UnreadableRecord)

    static func read(_ reader: inout JSONReader) throws(JSONError) -> ActivityRow {
        let record = try reader.readValue()
        let guid = record["marketoGUID"]?.plainText
        guard let leadID = record["leadId"]?.leadID else {
            return .unreadable(UnreadableRecord(leadID: nil, member: "leadId", marketoGUID: guid))
        }
        guard let typeID = record["activityTypeId"]?.wholeNumber.flatMap({ Int(exactly: $0) }) else {
            return .unreadable(UnreadableRecord(leadID: leadID, member: "activityTypeId", marketoGUID: guid))
        }
        // Who went up in whom is true whenever it was; a merge whose date can't be read is dated at the beginning of time.
        let undated: Date? = typeID == ActivityTypeID.mergeLeads ? .distantPast : nil
        guard let date = record["activityDate"]?.moment ?? undated else {
            return .unreadable(UnreadableRecord(leadID: leadID, member: "activityDate", marketoGUID: guid))
        }
        return .activity(
            Activity(
                marketoGUID: guid, id: record["id"]?.wholeNumber, leadID: leadID, date: date, typeID: typeID,
                campaignID: record["campaignId"]?.wholeNumber, primaryAttributeID: record["primaryAttributeValueId"]?.wholeNumber,
                primaryAttribute: record["primaryAttributeValue"]?.plainText, attributes: Self.attributes(record["attributes"]),
                changes: Self.changes(record["fields"])))
    }

    /// A list of name and value; the bulk answers have an object in its place.
    private static func attributes(_ value: JSONValue?) -> [Activity.Attribute] {
        switch value {
        case .array(let elements):
            elements.compactMap { element in
                element["name"]?.plainText.map { Activity.Attribute(name: $0, value: FieldValue(element["value"] ?? .null)) }
            }
        case .object(let members): members.map { Activity.Attribute(name: $0.name, value: FieldValue($0.value)) }
        case .null, .boolean, .integer, .decimal, .text, .unreadable, nil: []
        }
    }

    private static func changes(_ value: JSONValue?) -> [Activity.Change] {
        guard case .array(let elements) = value else { return [] }
        return elements.compactMap { element in
            element["name"]?.plainText.map {
                Activity.Change(field: $0, oldValue: FieldValue(element["oldValue"] ?? .null), newValue: FieldValue(element["newValue"] ?? .null))
            }
        }
    }
}
