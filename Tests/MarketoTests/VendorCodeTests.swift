import Testing

@testable import Marketo

@Suite struct VendorCodeTests {
    private func error(_ code: String, _ message: String = "") -> MarketoError {
        MarketoError(errors: [(code, message)], operation: .syncLeads, httpStatus: 200)
    }

    /// From section 3.3 of the API reference: Y repeat, T a person once a new token failed too, W after the window, D after the reset, N never unchanged.
    @Test(arguments: [
        ("500", "Y"), ("502", "Y"), ("600", "T"), ("601", "T"), ("602", "T"), ("603", "T"), ("604", "Y"), ("605", "N"), ("606", "W"), ("607", "D"),
        ("608", "Y"), ("609", "N"), ("610", "N"), ("611", "Y"), ("612", "N"), ("613", "N"), ("614", "Y"), ("615", "W"), ("616", "N"), ("701", "N"),
        ("702", "N"), ("703", "N"), ("704", "N"), ("709", "N"), ("710", "N"), ("711", "N"), ("712", "N"), ("713", "Y"), ("714", "N"), ("718", "N"),
        ("719", "Y"), ("1003", "N"), ("1004", "N"), ("1011", "N"), ("1035", "N"), ("9999", "Y"),
    ])
    func `each code of the whole answer has the follow-up of the reference`(code: String, want: String) {
        let follow = self.error(code).followUp
        let got =
            switch follow {
            case .later: "Y"
            case .afterPerson: "T"
            case .afterWindow: "W"
            case .afterReset: "D"
            case .never, .smaller, .withoutFields: "N"
            }
        #expect(got == want)
    }

    @Test func `every known code keeps its number, and an unknown one cannot smuggle text`() {
        for known in KnownVendorCode.allCases {
            #expect(VendorCode(known.rawValue) == .known(known))
            #expect(self.error(known.rawValue).vendorCode?.number == known.rawValue)
            #expect(RecordFault(number: known.rawValue, message: "").code != .unknownVendorCode)
        }
        #expect(VendorCode("17 a@b.jp \u{1b}[31m secret").number == "17abjp31msec")
        #expect(VendorCode("").number == "?")
    }

    @Test func `1029 means three things, told apart by its text`() {
        #expect(self.error("1029", "Too many jobs (10) in queue").isTransient)
        #expect(self.error("1029", "Export daily quota 500MB exceeded.").isQuota)
        #expect(self.error("1029", "Job already queued").followUp == .never)
    }

    @Test func `1003 of the whole answer names missing fields, or too many leads, or neither`() {
        #expect(self.error("1003", "Invalid fields [mazrica_phase, leadScore]").missingFields == ["mazrica_phase", "leadScore"])
        #expect(self.error("1003", "Too many results match the filter").code == .tooManyResults)
        #expect(self.error("1003", "Lead ids not specified").code == .rejected)
        #expect(RecordFault(number: "1006", message: "Field 'mazrica_phase' not found").missingFields == ["mazrica_phase"])
        #expect(RecordFault(number: "1006", message: "Field 'a@b.jp' not found").missingFields == [])
    }

    @Test(arguments: ["601", "602", "604", "605", "608", "611"]) func `a starred code does not count`(code: String) {
        #expect(!VendorCode(code).countsAgainstQuota)
    }

    @Test(arguments: ["603", "606", "607", "609", "610", "612", "613", "614", "615", "616", "701", "713", "1003", "8888"])
    func `a code without a star counts`(code: String) { #expect(VendorCode(code).countsAgainstQuota) }

    @Test(arguments: [
        ("1001", RecordFault.Code.valueInvalid), ("1002", .valueInvalid), ("1003", .valueInvalid), ("1004", .notFound), ("1005", .alreadyExists),
        ("1006", .fieldMissing), ("1007", .severalMatch), ("1008", .partition), ("1009", .partition), ("1010", .partition), ("1013", .notFound),
        ("1016", .busy), ("1019", .busy), ("1020", .busy), ("1021", .companyFixed), ("1029", .busy), ("1036", .duplicateInInput),
        ("1037", .rejected), ("1080", .rejected), ("7777", .unknownVendorCode),
    ])
    func `each code of a record is placed apart from those of the answer`(code: String, want: RecordFault.Code) {
        #expect(RecordFault(number: code, message: "").code == want)
    }

    @Test func `after 604, 611, 713 or a gateway's page a write's outcome is unknown, after a refusal it is not`() {
        for code in ["604", "611", "713", "719", "502", "9999"] { #expect(self.error(code).isOutcomeUnknown, "\(code)") }
        for code in ["606", "607", "615", "601", "603", "609", "1003"] { #expect(!self.error(code).isOutcomeUnknown, "\(code)") }
        #expect(MarketoError(httpStatus: 504, operation: .syncLeads).isOutcomeUnknown)
        #expect(!MarketoError(httpStatus: 504, operation: .leadsByID).isOutcomeUnknown)
        #expect(!MarketoError(httpStatus: 413, operation: .syncLeads).isOutcomeUnknown)
    }

    @Test func `no description, dump or mirror of an error shows what the vendor wrote`() {
        let told = "taro@example.jp 5a1e7f00-token s3cr3t https://x.mktorest.com/rest?access_token=5a1e7f00 'taro@example.jp' [taro@example.jp]"
        let numbers = KnownVendorCode.allCases.map(\.rawValue) + ["4242", "taro@example.jp"]
        var printed: [String] = []
        for number in numbers {
            for operation in MarketoOperation.allCases {
                let error = MarketoError(errors: [(number, told)], operation: operation, httpStatus: 200)
                #expect(error.detail == told)
                var text = "\(error) \(String(reflecting: error))"
                dump(error, to: &text)
                printed.append(text)
            }
            let fault = RecordFault(number: number, message: told)
            var text = "\(fault) \(String(reflecting: fault))"
            dump(fault, to: &text)
            printed.append(text)
        }
        for text in printed {
            for secret in ["taro@", "5a1e7f00", "s3cr3t", "mktorest", "access_token"] { #expect(!text.contains(secret)) }
        }
    }
}
