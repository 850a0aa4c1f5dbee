import Sync

/// One element of a page of leads, while it is read.
struct LeadRow: Sendable {
    let lead: Lead?
    let others: [String: FieldValue]
    let unreadable: UnreadableRecord?
}

/// Reads leads; made once a page, because it knows the members' names as bytes.
struct LeadRowReader {
    private enum Slot {
        case id
        case field(LeadField)
        case other(String)
    }

    private let slots: [(name: [UInt8], slot: Slot)]

    init(_ fields: LeadFields) {
        self.slots =
            [(Array("id".utf8), .id)] + fields.names.map { (Array($0.name.utf8), .field($0.field)) }
            + fields.others.map { (Array($0.utf8), .other($0)) }
    }

    func read(_ reader: inout JSONReader) throws(JSONError) -> LeadRow {
        guard try reader.peek() == UInt8(ascii: "{") else {
            try reader.skipValue()
            return LeadRow(lead: nil, others: [:], unreadable: UnreadableRecord(leadID: nil, member: "id"))
        }
        var draft = LeadDraft()
        // Members come in the order asked, so the next one is nearly always the one expected.
        var expected = 0
        try reader.readObject { (reader, key) throws(JSONError) in
            guard let index = self.index(of: key, in: reader, expected: expected) else {
                try reader.skipValue()
                return
            }
            expected = index + 1
            let value = try reader.readValue()
            switch self.slots[index].slot {
            case .id: draft.id = value.leadID
            case .field(let field): if !draft.take(value, for: field) { draft.badMember = String(decoding: self.slots[index].name, as: UTF8.self) }
            case .other(let name):
                if value == .unreadable { draft.badMember = name }
                draft.others[name] = FieldValue(value)
            }
        }
        return draft.row
    }

    private func index(of key: JSONReader.Key, in reader: JSONReader, expected: Int) -> Int? {
        if expected < self.slots.count, reader.key(key, is: self.slots[expected].name) { return expected }
        return self.slots.firstIndex { reader.key(key, is: $0.name) }
    }
}
