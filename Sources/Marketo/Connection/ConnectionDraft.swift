/// A connection report while the test runs.
struct ConnectionDraft {
    private var found: [ConnectionCheck.Name: ConnectionCheck] = [:]
    private var schema: LeadSchema?
    private var usage: Usage?
    private var failure: MarketoError?
    private(set) var heldBack: HeldBack?

    /// A spent quota, a lost connection and the like end the test: every further call would say the same.
    private(set) var mayGoOn = true

    /// Every name has its line; what was not reached says so.
    var report: ConnectionReport {
        let checks = ConnectionCheck.Name.allCases.map { name in
            self.found[name] ?? ConnectionCheck(name, isOK: false, code: "not_checked", text: "not checked, as the test ended before")
        }
        return ConnectionReport(checks: checks, schema: self.schema, usage: self.usage, failure: self.failure, heldBack: self.heldBack)
    }

    mutating func pass(_ name: ConnectionCheck.Name, _ text: String) { self.put(name, true, "ok", text) }

    /// No token: either nothing answers there, or it does not know us.
    mutating func identityFailed(_ error: MarketoError) {
        self.failure = error
        self.mayGoOn = false
        if error.isAuth || error.code == .rejected {
            self.pass(.endpoint, "Marketo answers at this address")
            self.put(.credentials, false, error.code.rawValue, error.code.sentence)
        } else {
            self.put(.endpoint, false, error.code.rawValue, error.code.sentence)
        }
    }

    /// A call was not allowed to leave; the next would not be either.
    mutating func take(_ held: HeldBack) {
        self.heldBack = held
        self.mayGoOn = false
        self.put(held.check, false, held.cause.rawValue, held.sentence)
    }

    /// A check's call was answered with an error.
    mutating func take(_ error: MarketoError, for name: ConnectionCheck.Name) {
        switch error.code {
        case .accessDenied: self.put(name, false, error.code.rawValue, error.code.sentence)
        case .quotaSpent:
            self.end(error)
            self.put(.quota, false, error.code.rawValue, error.code.sentence)
        case .tokenRefused, .credentialsInvalid:
            self.end(error)
            self.put(.credentials, false, error.code.rawValue, error.code.sentence)
        case .notFound, .redirected, .nameUnknown, .connectionRefused, .connectTimedOut, .tlsFailed:
            self.end(error)
            self.put(.endpoint, false, error.code.rawValue, error.code.sentence)
        // Marketo looked at the request itself, which it does only for those who may send it.
        case .rejected, .recordNotFound, .fieldMissing, .tooManyResults: self.pass(name, "allowed")
        case .windowFull, .tooManyAtOnce, .exportQuotaSpent, .jobQueueFull, .vendorTimedOut, .unavailable, .gatewayFault, .alreadyQueued, .featureOff,
            .unknownVendorCode, .requestTooLarge, .addressTooLong, .refusedHere, .connectionLost, .timedOut, .malformedAnswer, .answerTooLarge,
            .abandoned:
            if self.failure == nil { self.failure = error }
            self.put(name, false, error.code.rawValue, error.code.sentence)
        }
    }

    mutating func take(_ schema: LeadSchema, phaseField: String, statusField: String?) {
        self.schema = schema
        self.put(.phaseField, schema.phaseField(named: phaseField), called: phaseField, types: LeadSchema.phaseTypes)
        let statusName = statusField.flatMap { $0.isEmpty ? nil : $0 } ?? "Lead_status or leadStatus"
        self.put(.statusField, schema.statusField(named: statusField), called: statusName, types: LeadSchema.statusTypes)
        // It is only read.
        if let field = schema.acquisitionDateField {
            self.pass(.acquisitionDateField, "the field is called \(field.name)")
        } else {
            self.put(.acquisitionDateField, false, "missing", "there is no field Acquisition Date")
        }
    }

    mutating func take(_ usage: Usage, dailyLimit: Int) {
        self.usage = usage
        let text = "\(usage.total) of \(dailyLimit) calls used today"
        if let heldBack {
            self.put(.quota, false, heldBack.cause.rawValue, heldBack.sentence + "; " + text)
        } else {
            let isLeft = usage.total < dailyLimit
            self.put(.quota, isLeft, isLeft ? "ok" : "quota-spent", text)
        }
    }

    private mutating func end(_ error: MarketoError) {
        self.failure = error
        self.mayGoOn = false
    }

    private mutating func put(_ name: ConnectionCheck.Name, _ field: LeadFieldDescription?, called: String, types: [String]) {
        guard let field else {
            self.put(name, false, "missing", "there is no field \(called); what belongs there is kept back until it is made")
            return
        }
        if field.isReadOnly {
            self.put(name, false, "read_only", "the field \(field.name) can't be written")
        } else if !types.contains(field.dataType) {
            // R36: a short string instead of a text area works, for names that fit.
            let length = field.length.map { " of \($0) characters" } ?? ""
            let text = "the field \(field.name) is a \(field.dataType)\(length) where a \(types[0]) is expected; values that don't fit are refused"
            self.put(name, true, "wrong_type", text)
        } else {
            self.pass(name, "the field is called \(field.name)")
        }
    }

    private mutating func put(_ name: ConnectionCheck.Name, _ isOK: Bool, _ code: String, _ text: String) {
        self.found[name] = ConnectionCheck(name, isOK: isOK, code: code, text: text)
    }
}
