/// Why one record of a write was not taken; the others of the same call are untouched by it.
package struct RecordFault: Error, Sendable, Equatable {
    /// What happened to it.
    package let code: Code
    /// The vendor's number.
    package let vendorCode: VendorCode
    /// REST names of the fields which Marketo does not have, where it named them.
    package let missingFields: [String]
    private let vendorMessage: Secret

    package init(code: Code, vendorCode: VendorCode, missingFields: [String] = [], detail: String = "") {
        self.code = code
        self.vendorCode = vendorCode
        self.missingFields = missingFields
        self.vendorMessage = Secret(String(detail.prefix(500)))
    }

    /// From the number and sentence in a record's `reasons`.
    init(number: String, message: String) {
        let vendorCode = VendorCode(number)
        let code: Code
        switch vendorCode {
        case .known(let known): code = known.meaning(forRecord: message)
        case .unknown: code = .unknownVendorCode
        }
        self.init(
            code: code, vendorCode: vendorCode, missingFields: code == .fieldMissing ? FieldNames.quoted(in: message) : [], detail: message)
    }

    /// The vendor's own sentence, at most 500 characters.
    ///
    /// It often quotes the value: show it to the tenant's own people only.
    package var detail: String { self.vendorMessage.revealed() }

    /// What can happen to a record.
    package enum Code: String, Sendable, CaseIterable {
        case valueInvalid = "value-invalid"
        case fieldMissing = "field-missing"
        case notFound = "not-found"
        case alreadyExists = "already-exists"
        case severalMatch = "several-match"
        case partition = "partition"
        case companyFixed = "company-fixed"
        case duplicateInInput = "duplicate-in-input"
        case accessDenied = "access-denied"
        case busy = "busy"
        case rejected = "rejected"
        case unknownVendorCode = "unknown-vendor-code"
        /// The record was skipped and nobody said why.
        case untold = "untold"
    }

    /// Whether the same record may be taken later.
    package var isTransient: Bool {
        switch self.code {
        case .busy, .unknownVendorCode, .untold: true
        case .valueInvalid, .fieldMissing, .notFound, .alreadyExists, .severalMatch, .partition, .companyFixed, .duplicateInInput, .accessDenied,
            .rejected:
            false
        }
    }
}

extension RecordFault: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        "Marketo record: \(self.code.rawValue) (error \(self.vendorCode.number))"
            + (self.missingFields.isEmpty ? "" : " fields " + self.missingFields.joined(separator: " "))
    }

    package var debugDescription: String { self.description }
}
