import Postgres
import Sync
import TestKit
import Testing

@testable import Store

/// The keys of the database are the keys of `Sync`: what one side finds, the other side finds.
@Suite struct KeyTests {
    /// Two texts are compared by their bytes; Swift's own `==` would take canonical twins for one.
    private struct Keys: Equatable, Sendable {
        var values: [[UInt8]?]
        init(_ texts: [String?]) { self.values = texts.map { $0.map { Array($0.utf8) } } }
    }

    /// All keys of many texts in one query.
    private struct KeysOf: PostgresStatement {
        let texts: [String]

        static let sql = """
            SELECT crm.email_key(of.value), crm.email_domain(of.value), crm.phone_key(of.value),
                crm.company_key(of.value, false), crm.company_key(of.value, true)
            FROM unnest($1::text[]) WITH ORDINALITY AS of (value, place) ORDER BY of.place
            """
        var binds: [PostgresBind] { [.texts(self.texts)] }
        static func decode(_ row: PostgresRow) throws(PostgresError) -> Keys {
            var keys: [String?] = []
            for column in 0..<5 { keys.append(try row.decode(column)) }
            return Keys(keys)
        }
    }

    private static func swiftKeys(_ text: String) -> Keys {
        Keys([
            EmailKey(text)?.text, EmailDomain(email: text)?.text, PhoneKey(text)?.digits, CompanyKey(text)?.text,
            CompanyKey(text, legalForm: .fold)?.text,
        ])
    }

    @Test func `R41 R44 R47 on generated texts the database and Swift make the same keys, byte by byte`() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let texts = (0..<4_000).map { _ in Self.text(&random) } + (0..<4_000).map { _ in Self.plainText(&random) }
        try await withPool { pool in
            let keys = try await pool.query(KeysOf(texts: texts))
            for (text, key) in zip(texts, keys) {
                #expect(key == Self.swiftKeys(text), "seed \(seed), scalars \(text.unicodeScalars.map { String($0.value, radix: 16) })")
            }
        }
    }

    @Test func `R41 R44 R47 each letter of the lower planes, alone and next to others, has the same keys in the database and in Swift`() async throws
    {
        let letters = (UInt32(0x20)...0x2FFF).compactMap(Unicode.Scalar.init).filter { $0.properties.age.map { $0.major <= 9 } ?? false }
        let texts = letters.flatMap { ["\($0)a", "a\($0)", "\u{1112}\u{1161}\($0)z", "か\($0)\u{3099}@\($0)"] }
        try await withPool { pool in
            for first in stride(from: 0, to: texts.count, by: 5_000) {
                let some = Array(texts[first..<min(first + 5_000, texts.count)])
                for (text, key) in zip(some, try await pool.query(KeysOf(texts: some))) where key != Self.swiftKeys(text) {
                    Issue.record("\(text.unicodeScalars.map { String($0.value, radix: 16) }): \(key) in the database, \(Self.swiftKeys(text)) here")
                }
            }
        }
    }

    /// Texts of which a contact's column would not hold the key that is looked for.
    private struct MisplacedKeys: PostgresStatement {
        let texts: [String]

        static let sql = """
            SELECT of.value FROM unnest($1::text[]) AS of (value)
            WHERE crm.stored_email_key(of.value) IS DISTINCT FROM crm.index_key(crm.email_key(of.value))
                OR crm.stored_email_domain(of.value) IS DISTINCT FROM crm.index_key(crm.email_domain(of.value))
            """
        var binds: [PostgresBind] { [.texts(self.texts)] }
        static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
    }

    @Test func `R41 R44 a contact's columns hold the keys that are looked for, by the short way as by the long one`() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let long = String(repeating: "a", count: 995)
        var texts = (0..<4_000).map { _ in Self.text(&random) } + (0..<4_000).map { _ in Self.plainText(&random) }
        for domain in ["b", "b.jp", "b.jpp", "b.jp.", "日本.jp"] { texts += ["\(long)@\(domain)", "x@\(long).\(domain)", " X@\(domain)\t"] }
        texts += ["", " ", ".", "@", "@.", "a@", "a@.", "a@b@c", "a.", "a@b.\n", "a@b..", "\u{0B}A@B"]
        try await withPool { pool in
            let misplaced = try await pool.query(MisplacedKeys(texts: texts))
            #expect(misplaced.isEmpty, "seed \(seed)")
        }
    }

    @Test func `R41 R44 R47 known spellings come to known keys`() async throws {
        let known: [(String, [String?])] = [
            (" Ｔａｒｏ＠Example.CO.JP. ", ["taro@example.co.jp", "example.co.jp", nil, "Taro@Example.CO.JP.", "Taro@Example.CO.JP."]),
            ("a@日本語。jp", ["a@xn--wgv71a119e.jp", "xn--wgv71a119e.jp", nil, "a@日本語。jp", "a@日本語。jp"]),
            ("a@b@BÜCHER.example", ["a@b@xn--bcher-kva.example", "xn--bcher-kva.example", nil, "a@b@BÜCHER.example", "a@b@BÜCHER.example"]),
            ("０３（１２３４）ー5678", ["03(1234)ー5678", nil, "0312345678", "03(1234)ー5678", "03(1234)ー5678"]),
            ("\u{3000}㈱\u{3000}マツリカ", ["(株) マツリカ", nil, nil, "(株) マツリカ", "株式会社マツリカ"]),
            (" \t\u{A0} ", [nil, nil, nil, nil, nil]),
            ("a@", ["a@", nil, nil, "a@", "a@"]),
            ("vanna@state.gov", ["vanna@state.gov", "state.gov", nil, "vanna@state.gov", "vanna@state.gov"]),
            ("\u{0B}Victor@x.tv.\u{0C}", ["victor@x.tv", "x.tv", nil, "Victor@x.tv.", "Victor@x.tv."]),
            ("a@b..", ["a@b.", "b.", nil, "a@b..", "a@b.."]), (".", [".", nil, nil, ".", "."]), ("@x", ["@x", "x", nil, "@x", "@x"]),
            // Found by generated texts: the server loses this vowel, Swift kept it.
            ("\u{1112}\u{1161}\u{11A7}z", ["하z", nil, nil, "하z", "하z"]),
            ("z\u{11A7}@x.jp", ["z\u{11A7}@x.jp", "x.jp", nil, "z\u{11A7}@x.jp", "z\u{11A7}@x.jp"]),
        ]
        try await withPool { pool in
            let keys = try await pool.query(KeysOf(texts: known.map(\.0)))
            for ((text, expected), key) in zip(known, keys) {
                #expect(key == Keys(expected), "\(text)")
                #expect(key == Self.swiftKeys(text), "\(text)")
            }
        }
    }

    @Test func `the columns hold these keys, and a digest of those that no index could hold`() async throws {
        try await withStore { store in
            try await store.run(
                """
                INSERT INTO crm.accounts (tenant_id, name, phone) VALUES (\(store.acme), '㈱ A', '03-1'),
                    (\(store.acme), repeat('あ', 1000000), repeat('1', 1000000));
                INSERT INTO crm.contacts (tenant_id, name, email) VALUES (\(store.acme), 'a', ' A@B.Example '),
                    (\(store.acme), repeat('a', 1000000), repeat('A', 1000000) || '@' || repeat('ü', 10000))
                """)
            let accounts = try await store.texts(
                "SELECT name_key || '|' || name_key_folded || '|' || phone_key FROM crm.accounts ORDER BY id LIMIT 1")
            #expect(accounts == ["(株) A|株式会社A|031"])
            let contacts = try await store.texts("SELECT email_key || '|' || email_domain FROM crm.contacts ORDER BY id LIMIT 1")
            #expect(contacts == ["a@b.example|b.example"])
            let long = try await store.number(
                """
                SELECT count(*) FROM crm.accounts
                WHERE name_key = crm.index_key(crm.company_key(name, false)) AND name_key LIKE 'sha256:%' AND phone_key LIKE 'sha256:%'
                """)
            #expect(long == 1)
            #expect(try await store.number("SELECT max(octet_length(email_key)) FROM crm.contacts") == 71)
            #expect(try await store.number("SELECT max(char_length(name)) FROM crm.contacts") == 1_000_000)
        }
    }

    @Test(arguments: [10_000, 1_000_000])
    func `texts have no length limit, in any column`(length: Int) async throws {
        try await withStore { store in
            let text = "repeat('語', \(length))"
            try await store.run(
                """
                INSERT INTO crm.accounts (tenant_id, name, phone) VALUES (\(store.acme), \(text), \(text));
                INSERT INTO crm.contacts (tenant_id, name, email, phone, mobile_phone, department, title)
                VALUES (\(store.acme), \(text), \(text), \(text), \(text), \(text), \(text));
                UPDATE crm.contacts SET deleted_at = now();
                INSERT INTO crm.phases (tenant_id, name) VALUES (\(store.acme), \(text));
                INSERT INTO crm.deals (tenant_id, name) VALUES (\(store.acme), \(text));
                """)
            #expect(try await store.number("SELECT char_length(email) FROM crm.contacts") == length)
        }
    }

    @Test func `R47 a company's key is stable: the key of a key is itself`() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let texts = (0..<1_000).map { _ in Self.text(&random) }
        try await withStore { store in
            let first = try await store.pool.query(KeysOf(texts: texts)).map(\.values)
            // Not the address: of two dots at its end one is dropped each time, and neither form is valid.
            for column in [3, 4] {
                let keys = first.map { String(decoding: $0[column] ?? [], as: UTF8.self) }
                let again = try await store.pool.query(KeysOf(texts: keys)).map { String(decoding: $0.values[column] ?? [], as: UTF8.self) }
                for (key, twice) in zip(keys, again) { #expect(Array(key.utf8) == Array(twice.utf8), "seed \(seed)") }
            }
        }
    }

    /// A text of any ASCII characters that can be stored, with signs that matter among them; the database takes a short way for these.
    private static func plainText(_ random: inout SeededRandom) -> String {
        String(
            String.UnicodeScalarView(
                (0..<Int.random(in: 0...8, using: &random)).map { _ in
                    Bool.random(using: &random)
                        ? Unicode.Scalar(UInt8.random(in: 1...127, using: &random)) : ["@", ".", " ", "v"][Int.random(in: 0...3, using: &random)]
                }))
    }

    /// A text that is nasty in the ways that matter: widths, marks, white space, dots, legal forms, other scripts.
    private static func text(_ random: inout SeededRandom) -> String {
        let pieces = [
            "a", "Z", "0", "9", "-", "+", "(", ")", "@", ".", " ", "\t", "\u{A0}", "\u{3000}", "\u{2003}", "\u{85}", "\u{2028}", "。", "｡", "．", "＠",
            "Ａ", "ｚ", "０", "９", "ー", "−", "㈱", "(株)", "（有）", "株式会社", "有限会社", "㍿", "㈲", "合同会社", "ü", "U\u{308}", "É", "ß", "İ", "Ω", "Σ", "ς",
            "Я", "Ё", "Ђ", "日", "本", "語", "ｶﾞ", "か\u{3099}", "한", "\u{1112}\u{1161}", "ﬁ", "①", "½", "H\u{331}", "J\u{30C}", "😀", "\u{200B}", "\r\n",
            "xn--", "x",
        ]
        return (0..<Int.random(in: 0...12, using: &random)).map { _ in
            if Int.random(in: 0..<12, using: &random) == 0 {
                // Any letter of the lower planes that all versions of Unicode since 2016 agree about.
                return Unicode.Scalar(UInt32.random(in: 0x20...0x2FFF, using: &random)).flatMap { scalar -> String? in
                    guard let age = scalar.properties.age, age.major <= 9 else { return nil }
                    return String(scalar)
                } ?? "x"
            }
            return pieces[Int.random(in: 0..<pieces.count, using: &random)]
        }.joined()
    }
}
