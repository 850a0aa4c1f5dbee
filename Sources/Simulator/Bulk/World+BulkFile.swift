import Crypto
import NIOCore

extension World {
    /// Writes an export's file from what there is now.
    func write(_ job: inout BulkJob, at uptime: Int64) {
        var file = ByteBuffer()
        let separator = job.order.format.separator
        Self.writeRow(job.order.headers, separator, to: &file)
        let rows = self.exportedRows(job.order, now: self.seconds(at: uptime))
        for row in rows { Self.writeRow(row, separator, to: &file) }
        job.records = rows.count
        job.checksum = SHA256.hash(data: file.readableBytesView).map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }.joined()
        job.file = file
    }

    private func exportedRows(_ order: BulkOrder, now: Int64) -> [[String]] {
        func time(_ row: Int, _ field: Int) -> Int64 { self.leads[row, field].number ?? 0 }
        let leads: [Int]
        switch order.filter {
        case .created(let range): leads = self.allRows.filter { range.contains(time($0, LeadField.Index.createdAt)) }
        case .updated(let range):
            leads = self.allRows.filter { row in
                range.contains(max(time(row, LeadField.Index.updatedAt), self.customFieldsChangedAt[self.leads.id(ofRow: row)] ?? 0))
            }
        case .list(let id): leads = (self.lists[id]?.members.sorted() ?? []).compactMap { self.leads.row(of: $0) }
        case .activities(let range, let types, let ids, let values):
            let walk = self.log.walk(from: 0, since: range.lowerBound, limit: .max, scan: .max) { entry in
                guard entry.date <= range.upperBound, entry.type != Activity.Kind.delete, types?.contains(entry.type) ?? true else { return false }
                return Activity.retention(of: Int(entry.type)).map { entry.date >= now - $0 } ?? true
            }
            return walk.found.compactMap { place in
                let entry = self.log[place]
                let activity = self.log.detail(of: entry) ?? self.generatedNewLead(entry)
                guard ids.map({ ids in activity.primaryID.map(ids.contains) ?? false }) ?? true,
                    values.map({ values in activity.primaryValue.map(values.contains) ?? false }) ?? true
                else { return nil }
                return order.columns.map { Self.cell($0, of: activity, entry, at: place) }
            }
        }
        let fields = order.columns.compactMap { self.leads.catalog.index(of: $0) }
        return leads.map { row in fields.map { self.leads[row, $0].cell(as: self.leads.catalog.fields[$0].type) } }
    }

    private var allRows: [Int] { self.leads.ids.compactMap { self.leads.row(of: $0) } }

    /// Attributes are one JSON object, not a list as elsewhere (R).
    private static func cell(_ column: String, of activity: Activity, _ entry: ActivityLog.Entry, at place: Int) -> String {
        switch column {
        case "marketoGUID": return String(1_000 + place)
        case "leadId": return String(entry.lead)
        case "activityDate": return CivilTime(seconds: entry.date).zulu
        case "activityTypeId": return String(entry.type)
        case "campaignId": return activity.campaign.map { String($0) } ?? "null"
        case "primaryAttributeValueId": return activity.primaryID.map { String($0) } ?? "null"
        case "primaryAttributeValue": return activity.primaryValue ?? "null"
        case "attributes":
            var buffer = ByteBuffer()
            JSONValue.object(activity.attributes.map { .init(name: $0.name, value: $0.value) }).write(to: &buffer)
            return String(buffer: buffer)
        default: return "null"
        }
    }

    /// RFC 4180 with LF ends.
    private static func writeRow(_ cells: [String], _ separator: UInt8, to buffer: inout ByteBuffer) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { buffer.writeInteger(separator) }
            if cell.utf8.contains(where: { $0 == separator || [0x22, 0x0A, 0x0D].contains($0) }) {
                buffer.writeString("\"" + cell.replacing("\"", with: "\"\"") + "\"")
            } else {
                buffer.writeString(cell)
            }
        }
        buffer.writeString("\n")
    }
}

extension FieldValue {
    /// As an export shows it: what is unset is the word `null`, an unset boolean `false`.
    fileprivate func cell(as type: LeadField.DataType) -> String {
        switch (self, type) {
        case (.none, .boolean), (.number(0), .boolean): "false"
        case (.number, .boolean): "true"
        case (.none, _): "null"
        case (.number(let seconds), .datetime): CivilTime(seconds: seconds).zulu
        case (.number(let seconds), .date): CivilTime(seconds: seconds).date
        case (.text, _), (.number, _), (.decimal, _): self.plain
        }
    }
}
