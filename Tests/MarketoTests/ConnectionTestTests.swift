import Sync
import Synchronization
import TestKit
import Testing

@testable import Marketo

@Suite struct ConnectionTestTests {
    private static func field(_ name: String, _ label: String, _ type: String, length: Int? = nil, readOnly: Bool = false) -> String {
        let length = length.map { #","length":\#($0)"# } ?? ""
        return #"{"id":1,"displayName":"\#(label)","dataType":"\#(type)"\#(length),"rest":{"name":"\#(name)","readOnly":\#(readOnly)}}"#
    }

    private static let standard = [
        Self.field("id", "Id", "integer"), Self.field("email", "Email Address", "email", length: 255),
        Self.field("leadStatus", "Lead Status", "string", length: 255), Self.field("mktoAcquisitionDate", "Acquisition Date", "datetime"),
        #"{"id":9,"displayName":"No REST","dataType":"string","soap":{"name":"x","readOnly":false}}"#,
    ]
    private static let phase = Self.field("mazrica_phase", "フェーズ", "text")

    /// A subscription that answers everything well, but for what `refused` says by path.
    private static func run(
        fields: [String] = Self.standard + [Self.phase], refused: [String: String] = [:], usage: Int = 100,
        _ body: (ConnectionReport, ScriptedServer, CountingAdmission) -> Void
    ) async throws {
        let admission = CountingAdmission()
        let fieldList = fields.joined(separator: ",")
        let script: @Sendable (ScriptedServer.Request) -> ScriptedServer.Reply = { request in
            if let code = refused[request.path] { return Setup.failure(code) }
            switch request.path {
            case "/rest/v1/leads/describe.json": return .json(#"{"success":true,"result":[\#(fieldList)]}"#)
            case "/rest/v1/activities/pagingtoken.json": return .json(#"{"success":true,"nextPageToken":"T"}"#)
            case "/rest/v1/leads.json":
                return .json(#"{"success":true,"result":[{"status":"skipped","reasons":[{"code":"1004","message":"Lead not found"}]}]}"#)
            default: return .json(#"{"success":true,"result":[{"date":"2026-11-23","total":\#(usage),"users":[]}]}"#)
            }
        }
        try await Setup.client(admission: admission, script) { client, server in
            body(try await ConnectionTest(client: client).run(), server, admission)
        }
    }

    private static func check(_ report: ConnectionReport, _ name: ConnectionCheck.Name) -> ConnectionCheck? {
        report.checks.first { $0.name == name }
    }

    @Test func `a good connection passes every check with four calls, and its write can change nothing`() async throws {
        try await Self.run { report, server, admission in
            #expect(report.isOK && report.works)
            #expect(
                report.checks.map(\.name.rawValue) == [
                    "endpoint", "credentials", "permission:lead-read", "permission:lead-write", "permission:activity", "field:mazrica_phase",
                    "field:lead-status", "field:acquisition-date", "quota",
                ])
            #expect(admission.reports.count { $0.countsAgainstQuota } <= ConnectionTest.countedCalls)
            let write = server.seen.first { $0.path == "/rest/v1/leads.json" }
            #expect(write?.bodyText == #"{"action":"updateOnly","lookupField":"id","input":[{"id":0}]}"#)
        }
    }

    @Test(arguments: [
        ("/rest/v1/leads/describe.json", ConnectionCheck.Name.leadRead), ("/rest/v1/activities/pagingtoken.json", .activity),
        ("/rest/v1/leads.json", .leadWrite),
    ])
    func `R33 603 names the permission that is absent, and the others are still tried`(path: String, name: ConnectionCheck.Name) async throws {
        try await Self.run(refused: [path: "603"]) { report, _, _ in
            #expect(!report.works)
            #expect(Self.check(report, name)?.code == "access-denied")
            for other in [ConnectionCheck.Name.leadRead, .leadWrite, .activity] where other != name {
                #expect(Self.check(report, other)?.isOK == true)
            }
        }
    }

    @Test func `R36 an absent mazrica_phase is told but does not stand in the way`() async throws {
        try await Self.run(fields: Self.standard) { report, _, _ in
            #expect(!report.isOK && report.works)
            #expect(Self.check(report, .phaseField)?.code == "missing")
        }
    }

    @Test func `R36 mazrica_phase as a short string is a warning, a label alone is not the field, a read-only one fails`() async throws {
        try await Self.run(fields: Self.standard + [Self.field("mazrica_phase", "x", "string", length: 255)]) { report, _, _ in
            #expect(report.isOK)
            #expect(Self.check(report, .phaseField)?.code == "wrong_type")
        }
        try await Self.run(fields: Self.standard + [Self.field("other", "mazrica_phase", "text")]) { report, _, _ in
            #expect(Self.check(report, .phaseField)?.code == "missing")
        }
        try await Self.run(fields: Self.standard + [Self.field("mazrica_phase", "x", "text", readOnly: true)]) { report, _, _ in
            #expect(Self.check(report, .phaseField)?.code == "read_only")
        }
    }

    @Test func `R55 the status field is Lead_status if there is one, else leadStatus, else what the setting says`() {
        let standard = LeadFieldDescription(name: "leadStatus", label: "Lead Status", dataType: "string")
        let own = LeadFieldDescription(name: "Lead_status", label: "x", dataType: "string")
        let third = LeadFieldDescription(name: "third", label: "x", dataType: "string")
        #expect(LeadSchema(fields: [standard]).statusField()?.name == "leadStatus")
        #expect(LeadSchema(fields: [standard, own]).statusField(named: "")?.name == "Lead_status")
        #expect(LeadSchema(fields: [standard, own, third]).statusField(named: "third")?.name == "third")
        #expect(LeadSchema(fields: [standard]).statusField(named: "third") == nil)
    }

    @Test func `R63 the Acquisition Date is found by its REST name, else by its label`() {
        let rest = LeadFieldDescription(name: "mktoAcquisitionDate", label: "獲得日", dataType: "datetime")
        let label = LeadFieldDescription(name: "acqDate_c", label: "Acquisition Date", dataType: "datetime")
        #expect(LeadSchema(fields: [label, rest]).acquisitionDateField?.name == "mktoAcquisitionDate")
        #expect(LeadSchema(fields: [label]).acquisitionDateField?.name == "acqDate_c")
        #expect(LeadSchema(fields: [label]).leadFields(others: ["gone"]).names.map(\.name) == ["acqDate_c"])
    }

    @Test func `R39 wrong credentials leave the rest unchecked and cost no call`() async throws {
        try await ScriptedServer.with({ _ in .json(#"{"error":"invalid_client"}"#, status: 401) }) { server in
            try await Setup.transport { transport in
                let client = MarketoClient(credentials: try Setup.credentials(server), transport: transport, admission: CallAllowance(calls: 0))
                let report = try await ConnectionTest(client: client).run()
                #expect(!report.works && report.failure?.code == .credentialsInvalid)
                #expect(Self.check(report, .endpoint)?.isOK == true)
                #expect(Self.check(report, .credentials)?.code == "credentials-invalid")
                #expect(Self.check(report, .quota)?.code == "not_checked")
            }
        }
    }

    @Test(arguments: ["<html>hello</html>", #"{"hello":1}"#]) func `R37 an address where something else answers fails the endpoint`(body: String)
        async throws
    {
        try await ScriptedServer.with({ _ in .json(body, status: 404) }) { server in
            try await Setup.transport { transport in
                let client = MarketoClient(credentials: try Setup.credentials(server), transport: transport, admission: CallAllowance(calls: 0))
                let report = try await ConnectionTest(client: client).run()
                #expect(Self.check(report, .endpoint)?.code == "not-found")
            }
        }
    }

    @Test func `a spent quota ends the test at once`() async throws {
        try await Self.run(refused: ["/rest/v1/leads/describe.json": "607"]) { report, server, _ in
            #expect(report.failure?.isQuota == true)
            #expect(Self.check(report, .quota)?.code == "quota-spent")
            #expect(server.seen.count == 2)
        }
        try await Self.run(usage: 50_000) { report, _, _ in #expect(Self.check(report, .quota)?.isOK == false) }
    }

    @Test(arguments: HeldBack.Cause.allCases) func `a call that is held back is a line with its reason, and the report is whole`(
        cause: HeldBack.Cause
    ) async throws {
        let admission = HoldingAdmission(held: HeldBack(cause, sentence: "not before noon"))
        let script: @Sendable (ScriptedServer.Request) -> ScriptedServer.Reply = { _ in
            .json(#"{"success":true,"result":[{"date":"2026-11-23","total":50000,"users":[]}]}"#)
        }
        try await ScriptedServer.with({ $0.path == "/identity/oauth/token" ? Setup.grant() : script($0) }) { server in
            try await Setup.transport { transport in
                let client = MarketoClient(credentials: try Setup.credentials(server), transport: transport, admission: admission)
                let report = try await ConnectionTest(client: client).run()
                #expect(report.checks.map(\.name) == ConnectionCheck.Name.allCases)
                #expect(report.heldBack?.cause == cause && !report.works && !report.provesCredentials)
                let line = report.checks.first { $0.code == cause.rawValue }
                switch cause {
                case .auth: #expect(line?.name == .credentials)
                case .upstream: #expect(line?.name == .endpoint)
                // The usage page is let through then, and its numbers are told.
                case .quota: #expect(line?.name == .quota && line?.text == "not before noon; 50000 of 50000 calls used today")
                case .day, .lane, .window, .concurrency: #expect(line?.name == .quota && line?.text == "not before noon")
                }
                #expect(server.count("/rest/v1/stats/usage.json") == (cause == .quota ? 1 : 0))
                #expect(server.count("/rest/v1/leads/describe.json") == 0)
            }
        }
    }

    /// Lets identity and the usage page through.
    private struct HoldingAdmission: CallAdmission {
        let held: HeldBack

        func admit(_ call: CallDescription) async throws -> any CallPermit {
            guard call.operation == .identity || call.operation == .usage else { throw self.held }
            return try await CountingAdmission().admit(call)
        }
    }
}
