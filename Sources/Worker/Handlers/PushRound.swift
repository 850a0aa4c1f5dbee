import Marketo
import Store
import Sync

/// What came of the calls of one round of pushes, field by field.
struct PushRound: Sendable {
    private(set) var ends: [PushEnd] = []
    /// Leads that Marketo does not know by their ids.
    private(set) var unknown: [LeadID: [PushRow]] = [:]
    /// Fields that Marketo turned out not to have.
    private(set) var missing: Set<DesiredValue.Field> = []
    /// Why nothing more was sent, if something came in between.
    private(set) var stop: (any Error)?

    mutating func end(_ rows: [PushRow], _ fate: PushEnd.Fate, _ reason: String? = nil, limit: Int? = nil) {
        self.ends += rows.map { PushEnd($0, fate, reason, limit: limit) }
    }

    /// Takes the answer to a call: an outcome for each record, by its place.
    mutating func take(_ outcomes: [RecordOutcome], of call: PushCall, _ fields: PushFields) {
        for (record, outcome) in zip(call.records, outcomes) { self.take(outcome, of: record, fields) }
    }

    /// Takes the outcome of one record.
    ///
    /// No `default`: a new code does not compile until someone has placed it. Source: sync-algorithms.md 4.3.
    private mutating func take(_ outcome: RecordOutcome, of record: PushCall.Record, _ fields: PushFields) {
        guard !outcome.isDone else { return self.end(record.rows, .acked) }
        guard let fault = outcome.faults.first else { return self.end(record.rows, .again, "untold") }
        switch fault.code {
        case .notFound: self.unknown[record.lead, default: []] += record.rows
        case .fieldMissing:
            let roles = Set(fault.missingFields.compactMap(fields.role(of:)))
            guard !roles.isEmpty else { return self.refuse(record.rows, fault) }
            self.missing.formUnion(roles)
            let names = Set(roles.map(\.rawValue))
            self.end(record.rows.filter { names.contains($0.field) }, .parked, "field_missing")
            self.end(record.rows.filter { !names.contains($0.field) }, .unsent)
        case .valueInvalid, .alreadyExists, .severalMatch, .partition, .companyFixed, .duplicateInInput, .accessDenied, .rejected:
            self.refuse(record.rows, fault)
        case .busy, .unknownVendorCode, .untold: self.end(record.rows, .again, "\(fault.code.rawValue) (\(fault.vendorCode.number))")
        }
    }

    /// One bad field must not hold back the others of its lead (promise 5): each is sent by itself the next time.
    private mutating func refuse(_ rows: [PushRow], _ fault: RecordFault) {
        if rows.count > 1 {
            self.end(rows, .alone)
        } else {
            self.end(rows, .refused, "\(fault.code.rawValue) (\(fault.vendorCode.number))")
        }
    }

    /// Takes the failure of a call as a whole; whether further calls make sense.
    mutating func take(_ error: any Error, of call: PushCall) -> Bool {
        guard let error = error as? MarketoError else {
            self.end(call.rows, .unsent)
            self.stop = error
            return false
        }
        let size = call.records.count
        switch error.code {
        case .vendorTimedOut, .timedOut, .requestTooLarge:
            // One of these is slow, or they are too many at once (604): by halves down to the one.
            if size > 1 {
                self.end(call.rows, .halved, limit: max(1, size / 2))
            } else {
                self.end(call.rows, .again, "too_slow")
            }
            return true
        case .rejected where size > 1:
            self.end(call.rows, .halved, limit: max(1, size / 2))
            return true
        case .rejected:
            self.end(call.rows, .refused, error.code.rawValue)
            return true
        case .windowFull, .tooManyAtOnce, .quotaSpent, .credentialsInvalid, .tokenRefused, .unavailable, .gatewayFault, .nameUnknown,
            .connectionRefused, .connectTimedOut, .tlsFailed, .connectionLost, .abandoned, .malformedAnswer, .notFound, .redirected, .refusedHere,
            .exportQuotaSpent, .jobQueueFull, .accessDenied, .fieldMissing, .recordNotFound, .alreadyQueued, .featureOff, .unknownVendorCode,
            .tooManyResults, .addressTooLong, .answerTooLarge:
            self.end(call.rows, error.effect == .unknown ? .unknown : .unsent)
            self.stop = error
            return false
        }
    }

    /// Something else came in between.
    mutating func fail(_ error: any Error) { self.stop = self.stop ?? error }

    /// Puts back what was taken and not sent.
    mutating func leave(_ calls: some Sequence<PushCall>) {
        for call in calls { self.end(call.rows, .unsent) }
    }

    /// Notes what a look at the unknown leads has shown: who is there after all is tried again.
    mutating func settleUnknown(present: Set<LeadID>) -> [LeadID] {
        var gone: [LeadID] = []
        for (lead, rows) in self.unknown.sorted(by: { $0.key < $1.key }) {
            if present.contains(lead) {
                self.end(rows, .again, "not-found")
            } else {
                self.end(rows, .parked, "lead_deleted")
                gone.append(lead)
            }
        }
        self.unknown = [:]
        return gone
    }

    /// The look itself failed: tried again.
    mutating func leaveUnknown() {
        for rows in self.unknown.values { self.end(rows, .unsent) }
        self.unknown = [:]
    }
}
