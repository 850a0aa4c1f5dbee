import ArgumentParser
import Runtime
import Testing

@Suite struct SettingTests {
    private let concurrency = Setting<Int>.number("concurrency", in: 1...512, fallback: 16)

    @Test func `the flag wins over the environment, and the environment over the default`() throws {
        let environment = Environment(["KAKEHASHI_CONCURRENCY": "7"])
        #expect(try self.concurrency.value(flag: "3", environment: environment) == 3)
        #expect(try self.concurrency.value(flag: nil, environment: environment) == 7)
        #expect(try self.concurrency.value(flag: nil, environment: Environment([:])) == 16)
    }

    @Test func `an empty variable counts as not set`() throws {
        #expect(try self.concurrency.value(flag: nil, environment: Environment(["KAKEHASHI_CONCURRENCY": ""])) == 16)
    }

    @Test func `a value that is not allowed names the variable, the value's shape and what is allowed, never the value`() {
        let complaint = #expect(throws: Complaint.self) {
            try self.concurrency.value(flag: nil, environment: Environment(["KAKEHASHI_CONCURRENCY": "hunter2-s3cret"]))
        }
        #expect(complaint?.ending == .usage)
        #expect(complaint?.sentence == "KAKEHASHI_CONCURRENCY is a text of 14 characters, but must be a whole number from 1 to 512.")
    }

    @Test(arguments: ["0", "513", "-1", "1.5", "１２", " 7", "9999999999999999999999"])
    func `numbers out of range or written otherwise are refused`(_ text: String) {
        #expect(throws: Complaint.self) { try self.concurrency.value(flag: text, environment: Environment([:])) }
    }

    @Test func `a switch is on by its flag, or by 1, true, on or yes`() throws {
        let toggle = Setting<Bool>.toggle("json")
        #expect(try toggle.isOn(flag: true, environment: Environment([:])))
        #expect(try toggle.isOn(flag: false, environment: Environment(["KAKEHASHI_JSON": "YES"])))
        #expect(try !toggle.isOn(flag: false, environment: Environment(["KAKEHASHI_JSON": "0"])))
        #expect(throws: Complaint.self) { try toggle.isOn(flag: false, environment: Environment(["KAKEHASHI_JSON": "maybe"])) }
    }

    @Test func `the drain time is 25 s unless somebody says otherwise`() throws {
        #expect(try ProcessOptions.parse([]).drain(environment: Environment([:])) == .seconds(25))
        #expect(try ProcessOptions.parse(["--drain-seconds", "3"]).drain(environment: Environment(["KAKEHASHI_DRAIN_SECONDS": "9"])) == .seconds(3))
    }

    @Test func `a missing DATABASE_URL is a wrong call, told in one sentence`() {
        let complaint = #expect(throws: Complaint.self) { try Environment([:]).databaseURL() }
        #expect(complaint?.ending == .usage)
        #expect(complaint?.sentence.contains("DATABASE_URL") == true)
    }
}
