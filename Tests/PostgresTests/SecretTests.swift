import Logging
import Postgres
import TestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct SecretTests {
    static let secret = "hunter2-geheim"

    @Test(arguments: [
        "postgresql://u:hunter2-geheim@127.0.0.1:1/db?nonsense=1", "postgres//u:hunter2-geheim@h/db", "password=hunter2-geheim oops",
        "host=h password=hunter2-geheim nosuchoption=1", "postgresql://u:hunter2-geheim@h:notaport:1/%zz", "", "  ", "a\0hunter2-geheim",
        "postgresql://u:hunter2-geheim@127.0.0.1:99999/db", "host=h port=hunter2-geheim", "host=h port=5432,0",
    ])
    func `a connection text that can't be read is refused without being repeated`(_ text: String) throws {
        let error = #expect(throws: PostgresError.self) { _ = try PostgresConfiguration(url: text) }
        #expect(error?.code == .configuration)
        #expect(error.map { "\($0) \($0.detail)".contains(Self.secret) } == false)
    }

    @Test(arguments: [
        "postgresql://kakehashi:Zm9v/hunter2-geheim+Q==@db.example.com/kakehashi",
        "postgresql://kakehashi:12/hunter2-geheim@db.example.com/kakehashi",
        "postgresql://kakehashi:x@hunter2-geheim@db.example.com/kakehashi", "postgres://kakehashi:/hunter2-geheim@db.example.com/kakehashi",
        "postgresql://kakehashi@realm:hunter2-geheim@db.example.com/kakehashi", "postgresql://kakehashi:hunter2-geheim/kakehashi",
    ])
    func `a URI that libpq misreads for a character in the password is refused, saying what to do and repeating nothing`(_ text: String) throws {
        let error = #expect(throws: PostgresError.self) { _ = try PostgresConfiguration(url: text) }
        #expect(error?.code == .configuration)
        #expect(error.map { "\($0)".contains("percent-encode / @ : in the password") } == true)
        #expect(error.map { "\($0) \($0.detail)".contains(Self.secret) || "\($0)".contains("Zm9v") } == false)
    }

    @Test(arguments: [
        "postgresql://u:p%40%2F@a:5432,b:5433/db", "postgresql://u@[::1]:5432/db", "postgresql://u@%2Fvar%2Frun/db", "host=a,b port=5432 dbname=a@b",
        "host=a,b,c port=5432,,5434", "postgresql:///db",
    ])
    func `a text that says what it means is taken`(_ text: String) throws { _ = try PostgresConfiguration(url: text) }

    @Test(arguments: [
        "postgresql://u:hunter2-geheim@127.0.0.1:1/db?sslmode=disable", "host=127.0.0.1 port=1 user=u password='hunter2-geheim' dbname=db",
        "postgresql://u:hunter2-geheim@no.such.host.invalid/db", "postgresql://u:hunter2-geheim@127.0.0.1:1,127.0.0.1:1/db",
        "host=127.0.0.1 port=1 password=hunter2-geheim sslmode=nonsense",
    ])
    func `the password is in no description, no dump and no error`(_ text: String) async throws {
        var configuration = try PostgresConfiguration(url: text)
        configuration.connectTimeout = .seconds(2)
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!"\(configuration) \(String(reflecting: configuration)) \(dumped)".contains(Self.secret))
        let pool = PostgresPool(configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let error = await #expect(throws: PostgresError.self) { try await pool.first(Backend()) }
        #expect(error.map { "\($0) \($0.detail) \(String(reflecting: $0))".contains(Self.secret) } == false)
    }

    @Test func `a refused password is an error of its own kind, which does not pass by itself`() async throws {
        let cluster = try await PrivateCluster.shared()
        let pool = try TestDatabase.makePool(url: "postgresql://locked:hunter2-geheim@127.0.0.1:\(cluster.port)/postgres")
        let error = await #expect(throws: PostgresError.self) { try await pool.first(Backend()) }
        #expect(error?.code == .connectFailed)
        #expect(error?.sqlState == "28P01")
        #expect(error?.isTransient == false)
        #expect(error.map { "\($0) \($0.detail)".contains(Self.secret) } == false)
        let right = try TestDatabase.makePool(url: "postgresql://locked:\(PrivateCluster.password)@127.0.0.1:\(cluster.port)/postgres")
        #expect(try await right.first(Backend()) != nil)
    }

    @Test func `a database that is not there is named as the reason`() async throws {
        let cluster = try await PrivateCluster.shared()
        let pool = try TestDatabase.makePool(url: cluster.url(database: "nowhere"))
        let error = await #expect(throws: PostgresError.self) { try await pool.first(Backend()) }
        #expect(error?.sqlState == "3D000")
        #expect(error.map { "\($0)" } == "PostgreSQL can't be reached: it answered 3D000 invalid_catalog_name: 127.0.0.1:\(cluster.port)/nowhere")
    }
}
