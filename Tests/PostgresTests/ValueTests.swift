import Foundation
import Postgres
import TestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct ValueTests {
    static let texts = [
        "", "plain", "O'Brien", "back\\slash", "\"quoted\"", "{a,b}", "NULL", "null", ",", " ", "架け橋 👩‍👩‍👧", "e\u{301}", "\u{FFFF}", "\n\t\r",
    ]

    @Test func `whole numbers arrive as they left, the extremes included`() async throws {
        try await withPool(migrated: false) { pool async throws in
            for value in [0, 1, -1, .max, .min] as [Int64] { #expect(try await pool.echo(value) { .int8($0) } == value) }
            for value in [0, 1, -1, .max, .min] as [Int32] { #expect(try await pool.echo(value) { .int4($0) } == value) }
            for value in [0, 1, -1, .max, .min] as [Int16] { #expect(try await pool.echo(value) { .int2($0) } == value) }
            #expect(try await pool.echo(Int?.none) { .int($0) } == .some(nil))
        }
    }

    @Test func `texts arrive as they left, whatever characters are in them`() async throws {
        try await withPool(migrated: false) { pool async throws in
            for value in Self.texts { #expect(try await pool.echo(value) { .text($0) } == value) }
            let long = String(repeating: "長", count: 1_000_000)
            #expect(try await pool.echo(long) { .text($0) } == long)
            #expect(try await pool.echo(String?.none) { .text($0) } == .some(nil))
        }
    }

    @Test func `what comes in binary form is what comes as text`() async throws {
        try await withPool(migrated: false) { pool async throws in
            let (binary, text) = (try #require(try await pool.first(InBinary())), try #require(try await pool.first(AsText())))
            #expect(binary == text)
            #expect(binary.numbers == [-32_768, 2_147_483_647, .min, 7] && binary.missing == nil && binary.flags == [true, false])
        }
    }

    @Test func `a text with U+0000 is refused before anything is sent`() async throws {
        try await withPool(migrated: false) { pool async throws in
            for bind in [.text("a\0b"), .texts(["a", "\0"]), .jsonb("\0"), .jsonbs(["\0"])] as [PostgresBind] {
                let error = await #expect(throws: PostgresError.self) { try await pool.query(Echo<String>(bind: bind)) }
                #expect(error?.code == .unsendable)
                #expect(error?.isTransient == false)
            }
            #expect(pool.usage.lent == 0)
        }
    }

    @Test func `moments are exact to the microsecond`() async throws {
        try await withPool(migrated: false) { pool async throws in
            let texts = [
                "2026-11-23 20:11:11.123456+00", "1970-01-01 00:00:00+00", "1999-12-31 23:59:59.999999+00", "2000-02-29 12:00:00.000001+00",
                "2100-03-01 00:00:00.5+00", "1900-01-01 00:00:00+00", "0001-01-01 00:00:00+00", "9999-12-31 23:59:59+00",
            ]
            for text in texts {
                let date = try #require(try await pool.first(ReadMoment(text: text)))
                #expect(try await pool.first(PrintMoment(date: date)) == text)
                #expect(try await pool.echo(date) { .timestamp($0) } == date)
            }
            #expect(try await pool.echo(Date.distantFuture) { .timestamp($0) } == .distantFuture)
            #expect(try await pool.first(ReadMoment(text: "infinity")) == .distantFuture)
            #expect(try await pool.first(ReadMoment(text: "-infinity")) == .distantPast)
            #expect(try await pool.first(ReadMoment(text: "4000-01-01 BC")) == Date(timeIntervalSince1970: -188_363_404_800))
        }
    }

    @Test func `any microsecond of two centuries arrives as it left`() async throws {
        try await withPool(migrated: false) { pool async throws in
            var generator = SystemRandomNumberGenerator()
            let dates = (0..<1_000).map { _ -> Date? in
                Date(
                    timeIntervalSinceReferenceDate: Double(Int64.random(in: -3_000_000_000_000_000...3_000_000_000_000_000, using: &generator))
                        / 1_000_000)
            }
            #expect(try await pool.echo(dates) { .timestamps($0) } == dates)
        }
    }

    @Test func `truth values, fractions, identifiers and bytes arrive as they left`() async throws {
        try await withPool(migrated: false) { pool async throws in
            for value in [true, false, nil] as [Bool?] { #expect(try await pool.echo(value) { .bool($0) } == value) }
            for value in [0, -0.0, 0.1, 1e300, -Double.leastNonzeroMagnitude, .infinity, -.infinity, .greatestFiniteMagnitude, .pi] as [Double] {
                #expect(try await pool.echo(value) { .double($0) }?.bitPattern == value.bitPattern)
            }
            #expect(try await pool.echo(Double.nan) { .double($0) }?.isNaN == true)
            let uuid = UUID()
            #expect(try await pool.echo(uuid) { .uuid($0) } == uuid)
            let bytes = (0...255).map { UInt8($0) }
            #expect(try await pool.echo(bytes) { .bytes($0) } == bytes)
            #expect(try await pool.echo([UInt8]()) { .bytes($0) } == [])
        }
    }

    @Test func `arrays arrive as they left, with gaps, quotes, backslashes and all of Unicode`() async throws {
        try await withPool(migrated: false) { pool async throws in
            let texts: [String?] = Self.texts + [nil]
            #expect(try await pool.echo(texts) { .texts($0) } == texts)
            #expect(try await pool.echo([String?]()) { .texts($0) } == [])
            let numbers: [Int64?] = [.min, nil, 0, .max]
            #expect(try await pool.echo(numbers) { .int8s($0) } == numbers)
            let small: [Int32?] = [.min, nil, .max]
            #expect(try await pool.echo(small) { .int4s($0) } == small)
            let flags: [Bool?] = [true, nil, false]
            #expect(try await pool.echo(flags) { .bools($0) } == flags)
            let fractions: [Double?] = [0.1, nil, -.infinity]
            #expect(try await pool.echo(fractions) { .doubles($0) } == fractions)
            let uuids: [UUID?] = [UUID(), nil]
            #expect(try await pool.echo(uuids) { .uuids($0) } == uuids)
        }
    }

    @Test func `any list of texts arrives as it left`() async throws {
        try await withPool(migrated: false) { pool async throws in
            var generator = SystemRandomNumberGenerator()
            let alphabet = Array("\"\\{},NULL \n'x架👧")
            for _ in 0..<100 {
                let texts = (0..<Int.random(in: 0...20, using: &generator)).map { _ -> String? in
                    Bool.random(using: &generator)
                        ? nil : String((0..<Int.random(in: 0...8, using: &generator)).compactMap { _ in alphabet.randomElement(using: &generator) })
                }
                #expect(try await pool.echo(texts) { .texts($0) } == texts)
            }
        }
    }

    @Test func `JSON documents and intervals are taken as what they are`() async throws {
        try await withPool(migrated: false) { pool async throws in
            #expect(try await pool.first(JSONMember(document: #"{"a": "架け橋 \" \\ "}"#)) == #"架け橋 " \ "#)
            #expect(try await pool.first(JSONMembers(documents: [#"{"a": 1}"#, nil, #"{"a": "x"}"#])) == ["1", nil, "x"])
            #expect(try await pool.first(IntervalMicroseconds(duration: .microseconds(1))) == 1)
            #expect(try await pool.first(IntervalMicroseconds(duration: .seconds(86_400 * 40))) == 86_400 * 40 * 1_000_000)
            #expect(try await pool.first(IntervalMicroseconds(duration: .milliseconds(-1_500))) == -1_500_000)
        }
    }

    @Test func `a thousand rows go in by unnest and come out again`() async throws {
        try await withPool(migrated: false) { pool async throws in
            let rows = try await pool.query(Unnest(ids: (0..<1_000).map { $0 }, names: (0..<1_000).map { "name \($0)" }))
            #expect(rows.count == 1_000)
            #expect(rows.last?.0 == 999 && rows.last?.1 == "name 999")
        }
    }

    @Test func `a value of another type is an error that names the column and not the value`() async throws {
        try await withPool(migrated: false) { pool async throws in
            let error = await #expect(throws: PostgresError.self) { try await pool.query(Wrong<Int>()) }
            #expect(error?.code == .decoding)
            #expect(error?.column == "what")
            #expect(error.map { "\($0)".contains("confidential") } == false)
            let null = await #expect(throws: PostgresError.self) { try await pool.query(WrongNull()) }
            #expect(null?.code == .decoding)
        }
    }
}

private struct ReadMoment: PostgresStatement {
    let text: String
    static let sql = "SELECT $1::timestamptz"
    var binds: [PostgresBind] { [.text(self.text)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Date { try row.decode(0) }
}

private struct PrintMoment: PostgresStatement {
    let date: Date
    static let sql = "SELECT $1::timestamptz::text"
    var binds: [PostgresBind] { [.timestamp(self.date)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}

private struct JSONMember: PostgresStatement {
    let document: String
    static let sql = "SELECT $1::jsonb ->> 'a'"
    var binds: [PostgresBind] { [.jsonb(self.document)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}

private struct JSONMembers: PostgresStatement {
    let documents: [String?]
    static let sql = "SELECT array_agg(document ->> 'a' ORDER BY place) FROM unnest($1::jsonb[]) WITH ORDINALITY AS t (document, place)"
    var binds: [PostgresBind] { [.jsonbs(self.documents)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> [String?] { try row.decode(0) }
}

private struct IntervalMicroseconds: PostgresStatement {
    let duration: Duration
    static let sql = "SELECT (extract(epoch FROM $1::interval) * 1000000)::bigint"
    var binds: [PostgresBind] { [.interval(self.duration)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

private struct Unnest: PostgresStatement {
    let ids: [Int64?]
    let names: [String?]
    static let sql = "SELECT id, name FROM unnest($1::bigint[], $2::text[]) AS t (id, name) ORDER BY id"
    var binds: [PostgresBind] { [.int8s(self.ids), .texts(self.names)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> (Int64, String) { (try row.decode(0), try row.decode(1)) }
}

private struct Wrong<Value: PostgresDecodable>: PostgresStatement {
    static var sql: String { "SELECT 'confidential' AS what" }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Value { try row.decode(0) }
}

private struct WrongNull: PostgresStatement {
    static let sql = "SELECT NULL::text AS what"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}

/// One of each type that can be read in binary form.
private struct Values: Equatable, Sendable {
    static let sql = """
        SELECT '-32768'::smallint, 2147483647::integer, '-9223372036854775808'::bigint, 7::smallint, true, false, '架け橋'::text, -0.1::float8,
            '1999-12-31 23:59:59.999999+00'::timestamptz, 'infinity'::timestamptz, '-infinity'::timestamptz, '00112233-4455-6677-8899-aabbccddeeff'::uuid,
            '{"a":"架け橋"}'::jsonb, NULL::bigint
        """

    let numbers: [Int64]
    let flags: [Bool]
    let text: String
    let fraction: Double
    let moments: [Date]
    let uuid: UUID
    let json: String
    let missing: Int?

    init(_ row: PostgresRow) throws(PostgresError) {
        self.numbers = [try row.decode(0), try row.decode(1), try row.decode(2), try row.decode(3)]
        self.flags = [try row.decode(4), try row.decode(5)]
        self.text = try row.decode(6)
        self.fraction = try row.decode(7)
        self.moments = [try row.decode(8), try row.decode(9), try row.decode(10)]
        self.uuid = try row.decode(11)
        // jsonb's text has a space after the colon in both forms.
        self.json = try row.decode(12)
        self.missing = try row.decode(13)
    }
}

private struct InBinary: PostgresStatement {
    static let sql = Values.sql
    static let isBinary = true
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Values { try Values(row) }
}

private struct AsText: PostgresStatement {
    static let sql = Values.sql
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Values { try Values(row) }
}
