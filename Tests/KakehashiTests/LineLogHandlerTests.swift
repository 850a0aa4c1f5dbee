import Foundation
import Logging
import Runtime
import Synchronization
import Testing

@Suite struct LineLogHandlerTests {
    private func lines(_ format: LogFormat, _ body: (Logger) -> Void) -> [String] {
        let written = LineBox()
        var handler = LineLogHandler(label: "worker", level: .info, format: format, now: { Date(timeIntervalSince1970: 1_800_000_000.125) }) {
            written.add($0)
        }
        handler.metadata["process"] = "a1"
        body(Logger(label: "worker") { _ in handler })
        return written.lines
    }

    @Test func `an event is one JSON object on one line, whatever is in it`() throws {
        let lines = self.lines(.json) { logger in
            logger.info("Two\nlines \u{2028} and \"quotes\"", metadata: ["job.id": "7", "path": ["a", "b"], "facts": ["x": "\u{0}"]])
        }
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.hasSuffix("}\n"))
        #expect(line.dropLast().allSatisfy { !$0.isNewline })
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["message"] as? String == "Two\nlines \u{2028} and \"quotes\"")
        #expect(object["level"] as? String == "info")
        #expect(object["job.id"] as? String == "7")
        #expect(object["process"] as? String == "a1")
        #expect(object["path"] as? [String] == ["a", "b"])
        #expect(object["at"] as? String == "2027-01-15T08:00:00.125Z")
    }

    @Test func `a text line can't be forged by a line end in a fact`() {
        let lines = self.lines(.text) { $0.warning("Job postponed", metadata: ["reason": "a\n2027-01-15 error forged"]) }
        #expect(lines == ["2027-01-15T08:00:00.125Z warning  Job postponed process=a1 reason=\"a\\n2027-01-15 error forged\"\n"])
    }

    @Test func `what is below the level is not written`() {
        #expect(self.lines(.json) { $0.debug("step") }.isEmpty)
    }

    @Test func `text is the default on a terminal, JSON elsewhere, and a wrong format is refused`() throws {
        #expect(try LogSettings(environment: Environment([:]), onTerminal: true).format == .text)
        #expect(try LogSettings(environment: Environment([:]), onTerminal: false).format == .json)
        #expect(try LogSettings(environment: Environment(["LOG_LEVEL": "Debug", "LOG_FORMAT": "text"]), onTerminal: false).level == .debug)
        let complaint = #expect(throws: Complaint.self) { try LogSettings(environment: Environment(["LOG_FORMAT": "xml"]), onTerminal: false) }
        #expect(complaint?.sentence == "LOG_FORMAT is a text of 3 characters, but must be one of text, json.")
        #expect(complaint?.ending == .usage)
    }
}

/// Keeps what was written.
private final class LineBox: Sendable {
    private let box = Mutex<[String]>([])
    var lines: [String] { self.box.withLock { $0 } }
    func add(_ line: String) { self.box.withLock { $0.append(line) } }
}
