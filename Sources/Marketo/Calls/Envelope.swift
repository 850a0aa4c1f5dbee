/// The frame around every answer of the lead database.
///
/// Every member but `success` may be absent, `result` above all: an empty page of activities has none.
struct Envelope<Record: Sendable>: Sendable {
    var isSuccess: Bool
    var records: [Record] = []
    /// Whether there was a list of records, be it an empty one.
    var hasResult = false
    var nextPageToken: String?
    var moreResult: Bool?
    /// Code and message, as sent.
    var errors: [(code: String, message: String)] = []
}

extension Envelope {
    /// Reads an answer; `record` reads one element of `result`.
    static func read(
        _ bytes: [UInt8], record: (inout JSONReader) throws(JSONError) -> Record
    ) throws(JSONError) -> Envelope {
        try JSONReader.document(bytes) { (reader) throws(JSONError) in
            var envelope = Envelope(isSuccess: false)
            var success: Bool?
            try reader.readObject { (reader, key) throws(JSONError) in
                if reader.key(key, is: "result".utf8) {
                    if let records = try Self.elements(&reader, record) { (envelope.records, envelope.hasResult) = (records, true) }
                } else if reader.key(key, is: "success".utf8) {
                    success = try reader.readValue().truth
                } else if reader.key(key, is: "nextPageToken".utf8) {
                    envelope.nextPageToken = try reader.readValue().plainText
                } else if reader.key(key, is: "moreResult".utf8) {
                    envelope.moreResult = try reader.readValue().truth
                } else if reader.key(key, is: "errors".utf8) {
                    envelope.errors = Self.faults(try reader.readValue())
                } else {
                    try reader.skipValue()
                }
            }
            // Another service's JSON, or a gateway's.
            guard let success else { throw reader.error(.wrongShape) }
            envelope.isSuccess = success && envelope.errors.isEmpty
            return envelope
        }
    }

    private static func elements(
        _ reader: inout JSONReader, _ record: (inout JSONReader) throws(JSONError) -> Record
    ) throws(JSONError) -> [Record]? {
        // `null` is one more way to say that there is nothing.
        if try reader.peek() == UInt8(ascii: "n") {
            _ = try reader.readValue()
            return nil
        }
        var records: [Record] = []
        try reader.readArray { (reader) throws(JSONError) in records.append(try record(&reader)) }
        return records
    }

    private static func faults(_ value: JSONValue) -> [(code: String, message: String)] {
        guard case .array(let faults) = value else { return [] }
        return faults.map { ($0["code"]?.plainText ?? "", $0["message"]?.plainText ?? "") }
    }
}
