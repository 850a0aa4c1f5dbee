/// What an export shall hold, already checked.
struct BulkOrder: Sendable {
    /// How the file is written; the raw value is the vendor's word.
    enum Format: String, Sendable {
        case csv = "CSV"
        case tsv = "TSV"
        case ssv = "SSV"

        var separator: UInt8 {
            switch self {
            case .csv: UInt8(ascii: ",")
            case .tsv: UInt8(ascii: "\t")
            case .ssv: UInt8(ascii: ";")
            }
        }
    }

    /// Which records; both ends of a range belong to it.
    enum Filter: Sendable {
        case created(ClosedRange<Int64>)
        /// By the true time of the last change, a custom field's included.
        case updated(ClosedRange<Int64>)
        case list(Int64)
        case activities(ClosedRange<Int64>, types: Set<Int32>?, primaryIDs: Set<Int64>?, primaryValues: Set<String>?)
    }

    let format: Format
    /// REST names of columns, in the order asked.
    let columns: [String]
    /// What stands over each.
    let headers: [String]
    let filter: Filter
}
