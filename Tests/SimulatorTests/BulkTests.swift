import Crypto
import NIOCore
import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(10))) struct BulkTests {
    private let june = #"{"createdAt":{"startAt":"2024-06-01T00:00:00Z","endAt":"2024-07-01T00:00:00Z"}}"#
    private let lost = APIClient(id: "second", secret: "s", user: "other@example.com")

    private func filled() -> InstanceUnderTest {
        var instance = InstanceUnderTest(SimulatorConfiguration(limits: .off))
        _ = instance.sync(
            #"[{"email":"a@example.jp","lastName":"山\"田\"","leadScore":5},{"email":"b@example.jp","company":"甲, 乙","title":"一\n二"},{"email":"c@example.jp"}]"#
        )
        return instance
    }

    private func ask(_ instance: inout InstanceUnderTest, _ method: String, _ path: String, _ body: String = "") -> JSONValue {
        instance.json(method, "/bulk/v1/" + path, body)
    }

    private func create(_ instance: inout InstanceUnderTest, kind: String = "leads", _ members: String) -> String {
        self.ask(&instance, "POST", "\(kind)/export/create.json", "{\(members)}")["result"]?.elements?.first?["exportId"]?.text ?? ""
    }

    /// A finished export's status and file.
    private func export(_ instance: inout InstanceUnderTest, kind: String = "leads", _ members: String) -> (status: JSONValue?, file: String) {
        let id = self.create(&instance, kind: kind, members)
        _ = self.ask(&instance, "POST", "\(kind)/export/\(id)/enqueue.json")
        instance.pass(seconds: 120)
        let status = self.ask(&instance, "GET", "\(kind)/export/\(id)/status.json")["result"]?.elements?.first
        return (status, String(buffer: instance.answer("GET", "/bulk/v1/\(kind)/export/\(id)/file.json").body))
    }

    @Test func `an export goes from Created over Queued and Processing to Completed by the simulator's clock, telling what is recorded`() throws {
        var instance = self.filled()
        let made = self.ask(&instance, "POST", "leads/export/create.json?batchSize=300", #"{"fields":["id"],"filter":\#(self.june)}"#)
        let job = try #require(made["result"]?.elements?.first)
        #expect(job.members?.map(\.name) == ["exportId", "format", "status", "createdAt"] && job["status"] == "Created" && job["format"] == "CSV")
        let path = "leads/export/\(job["exportId"]?.text ?? "")"
        func status() -> JSONValue? { self.ask(&instance, "GET", path + "/status.json")["result"]?.elements?.first }
        #expect(self.ask(&instance, "POST", path + "/enqueue.json")["result"]?.elements?.first?["status"] == "Queued")
        instance.pass(seconds: 59)
        #expect(status()?["status"] == "Queued")
        instance.pass(seconds: 1)
        #expect(status()?["status"] == "Processing" && status()?["startedAt"] == "2024-06-15T12:01:00Z")
        #expect(instance.answer("GET", "/bulk/v1/\(path)/file.json").status == 404)
        instance.pass(seconds: 60)
        let done = try #require(status())
        #expect(
            done.members?.map(\.name) == [
                "exportId", "format", "status", "createdAt", "queuedAt", "startedAt", "finishedAt", "numberOfRecords", "fileSize", "fileChecksum",
            ])
        let file = instance.answer("GET", "/bulk/v1/\(path)/file.json")
        #expect(file.contentType == "text/csv;charset=UTF-8" && String(buffer: file.body) == "id\n1\n2\n3\n")
        let hash = SHA256.hash(data: file.body.readableBytesView).description.suffix(64)
        #expect(done["fileChecksum"] == .string("sha256:\(hash)") && done["numberOfRecords"] == 3 && done["fileSize"] == 9)
    }

    @Test func `a file is RFC 4180 with null for what is empty, in the order asked, under the headers asked`() {
        var instance = self.filled()
        let csv = self.export(
            &instance,
            #""fields":["email","lastName","company","title","unsubscribed","createdAt"],"columnHeaderNames":{"email":"Mail, main"},"filter":\#(self.june)"#
        )
        #expect(
            csv.file == """
                "Mail, main",lastName,company,title,unsubscribed,createdAt
                a@example.jp,"山""田""\",null,null,false,2024-06-15T12:00:00Z
                b@example.jp,null,"甲, 乙","一
                二",false,2024-06-15T12:00:00Z
                c@example.jp,null,null,null,false,2024-06-15T12:00:00Z

                """)
        let tsv = self.export(&instance, #""format":"TSV","fields":["id","company"],"filter":\#(self.june)"#)
        #expect(tsv.file == "id\tcompany\n1\tnull\n2\t甲, 乙\n3\tnull\n")
    }

    @Test func `activities have the recorded columns, their attributes one JSON object, and no deletions`() {
        var instance = self.filled()
        instance.world.delete(3, at: instance.uptime)
        let filter = #"{"createdAt":{"startAt":"2024-06-15T12:00:00Z","endAt":"2024-06-15T12:00:00Z"}}"#
        let lines = self.export(&instance, kind: "activities", #""filter":\#(filter)"#).file.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines.first == "marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,primaryAttributeValue,attributes")
        #expect(lines.last?.hasPrefix(#"1002,3,2024-06-15T12:00:00Z,12,null,3,null,"{""Created Date"":""2024-06-15"","#) ?? false)
        let some = #"{"createdAt":{"startAt":"2024-06-15","endAt":"2024-06-16"},"activityTypeIds":[12],"primaryAttributeValueIds":[2]}"#
        #expect(self.export(&instance, kind: "activities", #""fields":["leadId"],"filter":\#(some)"#).file == "leadId\n2\n")
    }

    @Test func `updatedAt filters by the true time of the last change, also of a custom field, and is 1035 by switch`() {
        var instance = self.filled()
        instance.pass(seconds: 600)
        _ = instance.sync(#"[{"email":"b@example.jp","mazrica_phase":"商談"}]"#)
        let filter = #"{"updatedAt":{"startAt":"2024-06-15T12:05:00Z","endAt":"2024-06-16T00:00:00Z"}}"#
        #expect(self.export(&instance, #""fields":["id"],"filter":\#(filter)"#).file == "id\n2\n")
        instance.world.switches.bulkUpdatedAtRefused = true
        #expect(instance.code("POST", "/bulk/v1/leads/export/create.json", #"{"fields":["id"],"filter":\#(filter)}"#) == "1035")
    }

    @Test(arguments: [
        (#"{"fields":["id","a","b"],"filter":{"createdAt":{"startAt":"2024-06-01","endAt":"2024-06-02"}}}"#, "1003", "Invalid fields [a, b]"),
        (#"{"fields":["id"],"filter":{"createdAt":{"startAt":"2024-06-01T00:00:00Z","endAt":"2024-07-02T00:00:01Z"}}}"#, "1003", ""),
        (#"{"fields":["id"]}"#, "1003", ""), (#"{"filter":{"staticListId":1}}"#, "1003", ""),
        (#"{"fields":["id"],"filter":{"smartListId":1}}"#, "1035", ""),
        (#"{"fields":["id"],"filter":{"staticListId":1,"createdAt":{"startAt":"2024-06-01","endAt":"2024-06-02"}}}"#, "1003", ""),
    ])
    func `what can't be exported is refused at once`(body: String, code: String, message: String) {
        var instance = self.filled()
        let error = instance.json("POST", "/bulk/v1/leads/export/create.json", body)["errors"]?.elements?.first
        #expect(error?["code"] == .string(code))
        if !message.isEmpty { #expect(error?["message"] == .string(message)) }
    }

    @Test func `two run, ten are in the queue with them, and the three meanings of 1029 are told by their texts`() throws {
        var instance = self.filled()
        let members = #""fields":["id"],"filter":\#(self.june)"#
        let ids = (1...11).map { _ in self.create(&instance, members) }
        func enqueue(_ id: String) -> JSONValue? {
            self.ask(&instance, "POST", "leads/export/\(id)/enqueue.json")["errors"]?.elements?.first?["message"]
        }
        #expect(ids.prefix(10).map(enqueue) == Array(repeating: nil, count: 10))
        #expect(enqueue(ids[10]) == "Too many jobs (10) in queue" && enqueue(ids[0]) == "Job already queued")
        instance.pass(seconds: 60)
        func listed(_ status: String) -> Int {
            self.ask(&instance, "GET", "leads/export.json?status=\(status)")["result"]?.elements?.count ?? 0
        }
        #expect(listed("Processing") == 2 && listed("Queued") == 8 && listed("Created,Queued") == 9)
        instance.pass(seconds: 60)
        #expect(listed("Completed") == 2 && listed("Processing") == 2)
        #expect(self.ask(&instance, "POST", "leads/export/\(ids[9])/cancel.json")["result"]?.elements?.first?["status"] == "Cancelled")
        #expect(listed("Canceled") == 1)
        instance.pass(seconds: 300)
        #expect(listed("Completed") == 9)
        instance.world.switches.bulkBytesPerDay = 1
        #expect(enqueue(ids[10]) == "Export daily quota 500MB exceeded.")
        instance.pass(seconds: 86_400)
        instance.token = instance.newToken()
        #expect(enqueue(ids[10]) == nil)
    }

    @Test func `only the user who made it sees an export, and its file is gone after seven days`() {
        var instance = self.filled()
        let id = self.create(&instance, #""fields":["id"],"filter":\#(self.june)"#)
        _ = self.ask(&instance, "POST", "leads/export/\(id)/enqueue.json")
        instance.pass(seconds: 120)
        let path = "/bulk/v1/leads/export/\(id)"
        #expect(instance.answer("GET", path + "/file.json").status == 200)
        #expect(instance.code("GET", "/bulk/v1/activities/export/\(id)/status.json") == "1013")
        let own = instance.token
        instance.world.identity.put(self.lost)
        instance.token = instance.newToken(client: self.lost)
        #expect(instance.code("GET", path + "/status.json") == "1013")
        let answer = instance.answer("GET", path + "/file.json")
        #expect(answer.status == 404 && answer.contentType.hasPrefix("text/plain"))
        #expect(self.ask(&instance, "GET", "leads/export.json")["result"] == .array([]))
        instance.token = own
        instance.pass(seconds: 7 * 86_400)
        instance.token = instance.newToken()
        #expect(instance.answer("GET", path + "/file.json").status == 404)
    }

    @Test func `an export can be stuck, fail with its sentence, or be completed without a file`() {
        var instance = self.filled()
        let members = #""fields":["id"],"filter":\#(self.june)"#
        instance.world.faults.add(FaultRule(.bulkStuck).limited(to: 1))
        instance.world.faults.add(FaultRule(.bulkFailed).limited(to: 1).with { $0.message = "Out of \"room\"" })
        #expect(self.export(&instance, members).status?["status"] == "Queued")
        let failed = self.export(&instance, members).status
        #expect(failed?["status"] == "Failed" && failed?["errorMsg"] == "Out of \"room\"" && failed?["fileSize"] == nil)
        instance.world.faults.add(FaultRule(.bulkGone))
        let gone = self.export(&instance, members)
        #expect(gone.status?["status"] == "Completed" && gone.file == "File not found")
    }

    @Test func `calls of exports count, or by switch do not and meet no window`() {
        var instance = InstanceUnderTest(SimulatorConfiguration(limits: Limits(callsPerWindow: 1, atOnce: nil, callsPerDay: nil)))
        #expect((1...2).map { _ in instance.code("GET", "/bulk/v1/leads/export.json") } == [nil, "606"])
        instance.world.switches.bulkCallsCount = false
        #expect(instance.code("GET", "/bulk/v1/leads/export.json") == nil)
    }

    @Test func `a file comes in parts by Range, uncompressed, cut or as JSON when a fault says so`() async throws {
        var configuration = SimulatorConfiguration(leads: 300, limits: .off)
        configuration.switches.bulkSecondsQueued = 0
        configuration.switches.bulkSecondsRunning = 0
        try await Wire.withServer(configuration) { simulator, token in
            simulator.putList(1, name: "all", members: Set(1...300))
            let bulk = simulator.baseURL + "/bulk/v1/leads/export/"
            let body = ByteBuffer(string: #"{"fields":["id","email"],"filter":{"staticListName":"all"}}"#)
            let made = try await Wire.send(bulk + "create.json", token: token, method: "POST", body: body)
            let id = try #require(made.result.first?["exportId"]?.text)
            _ = try await Wire.send(bulk + id + "/enqueue.json", token: token, method: "POST")
            let whole = try await Wire.send(bulk + id + "/file.json", token: token, gzip: true)
            let total = whole.body.readableBytes
            #expect(total > 2_000 && whole.headers["content-encoding"] == nil && whole.headers["accept-ranges"] == "bytes")
            var pieces = ByteBuffer()
            for range in ["bytes=0-99", "bytes=100-"] {
                let part = try await Wire.send(bulk + id + "/file.json", token: token, range: range)
                #expect(part.status == 206 && part.headers["content-length"] == String(part.body.readableBytes))
                pieces.writeImmutableBuffer(part.body)
                if range == "bytes=0-99" { #expect(part.headers["content-range"] == "bytes 0-99/\(total)") }
            }
            #expect(pieces == whole.body)
            #expect(try await Wire.send(bulk + id + "/file.json", token: token, range: "bytes=\(total)-").status == 416)
            simulator.add(FaultRule(.truncated, path: "*/file.json").limited(to: 1))
            await #expect(throws: (any Error).self) { try await Wire.send(bulk + id + "/file.json", token: token) }
            simulator.add(.code("611", path: "*/file.json").limited(to: 1))
            let broken = try await Wire.send(bulk + id + "/file.json", token: token)
            #expect(broken.status == 200 && broken.code == "611")
            #expect(simulator.evidence.callsByPath["GET /bulk/v1/leads/export/{id}/file.json"] ?? 0 >= 4)
        }
    }
}
