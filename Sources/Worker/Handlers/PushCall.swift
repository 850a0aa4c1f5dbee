import Marketo
import Store
import Sync

/// The leads of one call, each with all its fields that go together.
struct PushCall: Sendable {
    /// A lead and its fields.
    struct Record: Sendable {
        let lead: LeadID
        let rows: [PushRow]
    }

    let records: [Record]

    /// Splits what was taken into calls: up to 300 leads each, fewer where a call with them took too long, and fields that go alone after the others.
    static func calls(for rows: [PushRow]) -> [PushCall] {
        var records: [(limit: Int, record: Record)] = []
        for (lead, rows) in Dictionary(grouping: rows, by: \.lead).sorted(by: { $0.key < $1.key }) {
            let limit = rows.compactMap(\.batchLimit).min() ?? MarketoClient.recordsPerCall
            let together = rows.filter { !$0.isAlone }
            if !together.isEmpty { records.append((limit, Record(lead: lead, rows: together))) }
        }
        let alone = rows.filter(\.isAlone).sorted { ($0.lead, $0.field) < ($1.lead, $1.field) }
        var calls = Dictionary(grouping: records, by: \.limit).sorted { $0.key > $1.key }.flatMap { limit, records in
            Self.chunks(records.map(\.record), of: limit)
        }
        // One field of a lead at a time, so a lead is in a call once.
        var left = alone
        while !left.isEmpty {
            var seen: Set<LeadID> = []
            let round = left.filter { seen.insert($0.lead).inserted }
            calls += Self.chunks(round.map { Record(lead: $0.lead, rows: [$0]) }, of: MarketoClient.recordsPerCall)
            let taken = Set(round)
            left.removeAll { taken.contains($0) }
        }
        return calls
    }

    private static func chunks(_ records: [Record], of size: Int) -> [PushCall] {
        stride(from: 0, to: records.count, by: max(1, size)).map {
            PushCall(records: Array(records[$0..<min($0 + max(1, size), records.count)]))
        }
    }

    var rows: [PushRow] { self.records.flatMap(\.rows) }

    /// What goes over the wire: only what changed.
    func inputs(_ fields: PushFields) -> [LeadInput] {
        self.records.map { record in
            LeadInput(.id(record.lead), values: record.rows.reduce(into: [:]) { $0.merge(fields.values(of: $1)) { _, new in new } })
        }
    }
}
