import Testing

@testable import Marketo

@Suite struct JSONReaderTests {
    private func read(_ text: String) throws(JSONError) -> JSONValue { try self.read(Array(text.utf8)) }
    private func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        try JSONReader.document(bytes) { (reader) throws(JSONError) in try reader.readValue() }
    }

    @Test func `values of every kind are read`() throws {
        let value = try self.read(#" {"a":[1,-2,0,3.5,1e2,null,true,false],"b":{},"c":[],"d":"x"} "#)
        #expect(value["a"] == .array([.integer(1), .integer(-2), .integer(0), .decimal(3.5), .decimal(100), .null, .boolean(true), .boolean(false)]))
        #expect(value["b"] == .object([]) && value["c"] == .array([]) && value["d"] == .text("x"))
        #expect(try self.read("9223372036854775807") == .integer(.max))
        #expect(try self.read("-9223372036854775808") == .integer(.min))
        #expect(try self.read("9223372036854775808") == .decimal(9_223_372_036_854_775_808))
    }

    @Test func `escapes and surrogate pairs become characters, half a pair becomes U+FFFD`() throws {
        #expect(try self.read(#""\"\\\/\b\f\n\r\t\u0041\u5c71""#) == .text("\"\\/\u{8}\u{c}\n\r\tA山"))
        #expect(try self.read(#""\ud83d\ude00""#) == .text("😀"))
        #expect(try self.read(#""\ud83d""#) == .text("\u{FFFD}"))
        #expect(try self.read(#""\ude00x""#) == .text("\u{FFFD}x"))
        #expect(try self.read(#""\ud83d\u0041""#) == .text("\u{FFFD}A"))
        #expect(try self.read(#""a\u0000b""#) == .text("a\u{0}b"))
    }

    @Test func `of two members with one name the later counts, however it is written`() throws {
        #expect(try self.read(#"{"a":1,"\u0061":2}"#)["a"] == .integer(2))
    }

    @Test(arguments: [
        "", " ", "{", "[", "\"", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[,1]", "[1 2]", "{a:1}", "{'a':1}", "01", "-", "+1", "1.", ".5", "1e",
        "1e+",
        "tru", "nul", "TRUE", "NaN", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\t\"", "\"\n\"", "1 1", "{} x", "[1]]", "\u{FEFF}{}",
        "// c\n1",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try self.read(text) }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE5, 0xB1, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22],
            Array("1e999".utf8), Array("-1e400".utf8),
        ] as [[UInt8]])
    func `a text that is not UTF-8 and a number without measure can't be held, and what stands around them can`(bytes: [UInt8]) throws {
        #expect(try self.read(bytes) == .unreadable)
        #expect(try self.read(Array("[1,".utf8) + bytes + Array(",2]".utf8)) == .array([.integer(1), .unreadable, .integer(2)]))
    }

    @Test func `bytes that are not UTF-8 are no value outside a text`() {
        #expect(throws: JSONError.self) { try self.read([0xE5, 0xB1, 0xB1]) }
    }

    @Test(arguments: [#"[0,[1,{"a":"b\"]"}],1e400]"#, #"{"a":{"b":[]},"c\n":"x"}"#, #""\\""#, "-1.5", "null"])
    func `what is passed over ends where it ends`(text: String) throws {
        let rest = try JSONReader.document(Array("[\(text), 7 ]".utf8)) { (reader) throws(JSONError) in
            var values: [JSONValue] = []
            var isFirst = true
            try reader.readArray { (reader) throws(JSONError) in
                if isFirst { try reader.skipValue() } else { values.append(try reader.readValue()) }
                isFirst = false
            }
            return values
        }
        #expect(rest == [.integer(7)])
    }

    @Test func `nesting has an end`() throws {
        let deepest = JSONReader.deepest
        _ = try self.read(String(repeating: "[", count: deepest) + String(repeating: "]", count: deepest))
        let error = #expect(throws: JSONError.self) { try self.read(String(repeating: "[", count: 100_000)) }
        #expect(error?.reason == .tooDeep)
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func `what was written is read back the same`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let value = Self.value(&generator, depth: 5)
        #expect(try self.read(JSONWriter.bytes(value)) == value, "seed \(seed)")
    }

    @Test(arguments: 0..<50 as Range<UInt64>) func `an object cut anywhere is refused`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = JSONWriter.bytes(.object([.init(name: "r", value: Self.value(&generator, depth: 3))]))
        for length in 0..<bytes.count { #expect(throws: JSONError.self) { try self.read(Array(bytes[..<length])) } }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func `random bytes and damaged documents end in a value or an error`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array(#"{}[]",:\u0123456789eE+-.truefalsn "#.utf8) + [0xE5, 0xB1, 0xFF, 0x00]
        for _ in 0..<300 {
            let random = (0..<Int.random(in: 0...60, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            _ = try? self.read(random)
            var damaged = JSONWriter.bytes(Self.value(&generator, depth: 3))
            if !damaged.isEmpty { damaged[Int.random(in: 0..<damaged.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator) }
            _ = try? self.read(damaged)
            _ = try? Envelope<ActivityRow>.read(damaged, record: ActivityRow.read)
        }
    }

    private static func value(_ generator: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &generator) {
        case 0: .null
        case 1: .boolean(Bool.random(using: &generator))
        case 2: .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3: .decimal(Double.random(in: -1e9...1e9, using: &generator) + 0.5)
        case 4: .text(Self.text(&generator))
        case 5: .array((0..<Int.random(in: 0...4, using: &generator)).map { _ in Self.value(&generator, depth: depth - 1) })
        default:
            .object(
                (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                    .init(name: Self.text(&generator), value: Self.value(&generator, depth: depth - 1))
                })
        }
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        let scalars = (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0...(Bool.random(using: &generator) ? 0x7F : 0x10FFFF), using: &generator))
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
