package import Sync

/// What became of one record of a write; outcomes stand in the order of the records sent.
package struct RecordOutcome: Sendable, Equatable {
    /// The vendor's word for it.
    package let status: Status
    /// The lead; `nil` for most records that were skipped.
    package let leadID: LeadID?
    /// Why it was skipped; empty when it was not.
    package let faults: [RecordFault]

    package init(status: Status, leadID: LeadID?, faults: [RecordFault] = []) {
        self.status = status
        self.leadID = leadID
        self.faults = faults
    }

    /// Marketo has it as we sent it.
    package var isDone: Bool { self.status == .created || self.status == .updated }

    /// The vendor's words; each one that is not listed is `other`.
    package enum Status: String, Sendable {
        case created, updated, deleted, skipped, added, removed
        case memberOf = "memberof"
        case notMemberOf = "notmemberof"
        case other
    }
}

extension RecordOutcome {
    static func read(_ reader: inout JSONReader) throws(JSONError) -> RecordOutcome {
        let record = try reader.readValue()
        var faults: [RecordFault] = []
        if case .array(let reasons)? = record["reasons"] {
            faults = reasons.map { RecordFault(number: $0["code"]?.plainText ?? "", message: $0["message"]?.plainText ?? "") }
        }
        let status = record["status"]?.plainText.flatMap { Status(rawValue: $0.lowercased()) } ?? .other
        // Also of what is no record at all: the others' outcomes still stand in their places.
        if status == .skipped || status == .other, faults.isEmpty {
            faults = [RecordFault(code: .untold, vendorCode: .unknown(""))]
        }
        return RecordOutcome(status: status, leadID: record["id"]?.leadID, faults: faults)
    }
}
