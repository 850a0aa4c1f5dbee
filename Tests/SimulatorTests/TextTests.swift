import NIOCore
import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(10))) struct TextTests {
    @Test(arguments: [
        ("2024-01-02", 1_704_153_600), ("2024-01-02T03:04:05Z", 1_704_164_645), ("2024-01-02T12:04:05+09:00", 1_704_164_645),
        ("2024-01-01T19:04:05.123-0800", 1_704_164_645), ("2024-01-02 03:04:05", 1_704_164_645), ("1969-12-31T23:59:59Z", -1),
    ])
    func `times are read in every shape clients send`(text: String, seconds: Int64) {
        #expect(CivilTime.seconds(parsing: text) == seconds)
    }

    @Test(arguments: ["", "yesterday", "2024-13-01", "2024-02-30", "2024-01-02T25:00:00Z", "2024-01-02T03:04:05Zx", "20240102"])
    func `what is no time is none`(text: String) {
        #expect(CivilTime.seconds(parsing: text) == nil)
    }

    @Test func `dates go out and come back, over leap years and before 1970`() {
        for seconds in stride(from: Int64(-2_000_000_000), to: 4_000_000_000, by: 7_777_777) {
            #expect(CivilTime.seconds(parsing: CivilTime(seconds: seconds).zulu) == seconds)
        }
    }

    @Test func `JSON text survives the round trip, control characters and emoji included`() throws {
        let text = "山田\u{0000}\"\\\n\t\u{1F600}é/</script>"
        var buffer = ByteBuffer()
        buffer.writeJSON(text)
        #expect(JSONValue(parsing: buffer.readableBytesView) == .string(text))
        #expect(JSONValue(parsing: #""\u5c71\ud83d\ude00\/""#.utf8) == "山😀/")
    }

    @Test(arguments: ["", "{", "[1,]", "{\"a\":1,}", "01x", "\"\u{0001}\"", "nul", "1 2"])
    func `what is not JSON is refused`(text: String) {
        #expect(JSONValue(parsing: text.utf8) == nil)
    }

    @Test func `base 32 comes back, and always ends in an equals sign`() {
        for length in 0...40 {
            let text = String(repeating: "a1", count: length / 2) + (length % 2 == 0 ? "" : "z")
            #expect(Base32.decode(Base32.encode(text)) == text)
            #expect(length == 0 || Base32.encode(text).hasSuffix("="))
        }
        let token = ActivityToken(since: 1_718_452_800, position: 42, readAt: 1_718_460_000)
        #expect(ActivityToken(token.text) == token)
        #expect(ActivityToken(token.again.text) == token.again && token.again.text != token.text)
    }

    @Test func `parameters are decoded, listed and repeated`() {
        let parameters = Parameters(encoded: "a=1%2C2&a=3&b=x+y&c=&d")
        #expect(parameters.list("a") == ["1", "2", "3"])
        #expect(parameters["b"] == "x y" && parameters["c"] == nil && parameters.has("c") && parameters.list("e") == nil)
    }
}
