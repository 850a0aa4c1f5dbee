import Marketo
import Store
import Sync

extension ConnectedTenant {
    /// So many calls at most for one answer: enough to find two that are refused among 300, and an end if it is the asking itself that is refused.
    private static let mostCalls = 40

    /// Asks Marketo for leads, at most 300.
    ///
    /// Without the fields that it turns out not to have, if it names them. A request that is refused as such, or whose answer is too large, is asked in
    /// halves, down to the one lead that is to blame; all others are read. Throws only when nothing was read.
    func read(_ ids: [LeadID], for lane: CallLane) async throws -> LeadAnswer {
        var fields = self.fields
        var answer = LeadAnswer(fields: fields)
        var parts = [ids]
        var calls = 0
        while let part = parts.popLast() {
            do {
                calls += 1
                answer.take(try await self.ask(for: lane) { try await $0.leads(ids: part, fields: fields) }, of: part)
            } catch let error as MarketoError where error.isFieldMissing && fields.without(error.missingFields) != fields {
                fields = fields.without(error.missingFields)
                answer.reduce(to: fields)
                parts.append(part)
            } catch let error as MarketoError where error.blamesWhatWasAsked && part.count == 1 && ids.count > 1 {
                answer.refuse(part[0], error)
            } catch let error as MarketoError where error.blamesWhatWasAsked && part.count > 1 && calls < Self.mostCalls {
                let half = part.count / 2
                parts.append(Array(part[half...]))
                parts.append(Array(part[..<half]))
            } catch  where !answer.isEmpty {
                answer.stop(before: part + parts.flatMap(\.self), error)
                return answer
            }
        }
        return answer
    }
}

extension MarketoError {
    /// Other leads may well be read: it is one of these that Marketo does not take, or they are too many at once.
    fileprivate var blamesWhatWasAsked: Bool {
        switch self.code {
        case .rejected, .tooManyResults, .requestTooLarge, .addressTooLong, .answerTooLarge: true
        case .windowFull, .tooManyAtOnce, .quotaSpent, .credentialsInvalid, .tokenRefused, .vendorTimedOut, .unavailable, .gatewayFault, .nameUnknown,
            .connectionRefused, .connectTimedOut, .tlsFailed, .connectionLost, .timedOut, .abandoned, .malformedAnswer, .notFound, .redirected,
            .refusedHere,
            .exportQuotaSpent, .jobQueueFull, .accessDenied, .fieldMissing, .recordNotFound, .alreadyQueued, .featureOff, .unknownVendorCode:
            false
        }
    }
}
