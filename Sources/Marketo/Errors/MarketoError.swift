/// Why Marketo did not do what was asked, as a whole; what happened to one record is a ``RecordFault``.
///
/// Its description holds our own words and the vendor's number only, so it may stand in any log or table. The vendor's sentence can quote a value or an
/// address: ``detail`` must be asked for.
package struct MarketoError: Error, Sendable, Equatable {
    /// What happened.
    ///
    /// What follows from it is ``followUp``.
    package let code: Code
    /// The vendor's number; `nil` when the vendor gave none.
    package let vendorCode: VendorCode?
    /// `nil` when no answer came.
    package let httpStatus: Int?
    /// What was asked; `nil` when it never got so far.
    package let operation: MarketoOperation?
    /// What the call may have changed.
    package let effect: Effect
    /// REST names of the fields which Marketo does not have, where it named them.
    ///
    /// Letters, digits and underscores only.
    package let missingFields: [String]
    private let vendorMessage: Secret

    package init(
        _ code: Code, vendorCode: VendorCode? = nil, httpStatus: Int? = nil, operation: MarketoOperation? = nil, effect: Effect,
        missingFields: [String] = [], detail: String = ""
    ) {
        self.code = code
        self.vendorCode = vendorCode
        self.httpStatus = httpStatus
        self.operation = operation
        self.effect = effect
        self.missingFields = missingFields
        self.vendorMessage = Secret(String(detail.prefix(500)))
    }

    /// The vendor's own sentence, at most 500 characters.
    ///
    /// It may quote a lead's data: show it to the tenant's own people only.
    package var detail: String { self.vendorMessage.revealed() }

    /// A write that may or may not have been done: look before sending it again, unless it is the same either way.
    package var isOutcomeUnknown: Bool { self.operation?.isWrite == true && self.effect == .unknown }

    /// What a call that failed may have changed all the same.
    package enum Effect: String, Sendable {
        /// Nothing: it never left.
        case notSent
        /// Nothing: Marketo said no.
        case refused
        /// Not known: it was sent, and no answer that can be relied on came back.
        case unknown
    }
}

extension MarketoError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        var text = "Marketo: " + self.code.sentence
        var facts: [String] = []
        if let operation { facts.append(operation.rawValue) }
        if let vendorCode { facts.append("error " + vendorCode.number) }
        if let httpStatus, httpStatus != 200 { facts.append("HTTP \(httpStatus)") }
        if !self.missingFields.isEmpty { facts.append("fields " + self.missingFields.joined(separator: " ")) }
        if self.isOutcomeUnknown { facts.append("outcome unknown") }
        if !facts.isEmpty { text += " (" + facts.joined(separator: ", ") + ")" }
        return text
    }

    package var debugDescription: String { self.description }
}
