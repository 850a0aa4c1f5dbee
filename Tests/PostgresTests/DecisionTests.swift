import FoundationEssentials
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(10))) struct DecisionTests {
    @Test func `a line lets in as many as there are places, then in the order they came`() {
        var line = WaitingLine(places: 2)
        #expect(line.arrive(1) == true)
        #expect(line.arrive(2) == true)
        #expect(line.arrive(3) == false)
        #expect(line.arrive(4) == false)
        line.leave(3)
        #expect(line.giveBack() == 4)
        #expect(line.giveBack() == nil)
        #expect(line.giveBack() == nil)
        #expect(line.free == 2)
    }

    @Test func `only what was answered at once last time is waited for on the spot`() {
        enum Kind {}
        let statement = Promptness.Key.statement(ObjectIdentifier(Kind.self))
        var promptness = Promptness()
        #expect(!promptness.isPrompt(statement))
        promptness.answered(statement, after: .microseconds(300))
        #expect(promptness.isPrompt(statement))
        #expect(!promptness.isPrompt(.script("COMMIT")))
        promptness.answered(statement, after: .milliseconds(5))
        #expect(!promptness.isPrompt(statement))
        promptness.answered(.script("COMMIT"), after: .zero)
        #expect(promptness.isPrompt(.script("COMMIT")))
        // Each migration is another text: none of them is remembered.
        let long = String(repeating: "SELECT 1;", count: 100)
        promptness.answered(.script(long), after: .zero)
        #expect(!promptness.isPrompt(.script(long)))
    }

    @Test func `a cancelled statement has a short while to end, then its connection goes`() {
        let start = ContinuousClock.now
        var exchange = Exchange(deadline: start + .seconds(45), isCancellable: true, cancelGrace: .seconds(5))
        #expect(exchange.woke(.ready, at: start) == .receive)
        #expect(exchange.woke(.cancelled, at: start) == .requestCancel)
        #expect(exchange.deadline == start + .seconds(5))
        #expect(!exchange.listensForCancel)
        #expect(exchange.woke(.deadline, at: start + .seconds(5)) == .abandon(.cancelled))
        #expect(exchange.meaning(of: PostgresError(.server(.queryCanceled))).code == .cancelled)
        #expect(exchange.meaning(of: PostgresError(.server(.uniqueViolation))).code == .server(.uniqueViolation))
    }

    @Test func `a statement nobody cancelled that is late is given up`() {
        var exchange = Exchange(deadline: .now, isCancellable: true, cancelGrace: .seconds(5))
        #expect(exchange.woke(.deadline, at: .now) == .abandon(.deadlineExceeded))
        #expect(exchange.meaning(of: PostgresError(.server(.queryCanceled))).code == .server(.queryCanceled))
    }

    @Test func `the wait before connecting again grows, is jittered, and has a limit`() {
        #expect(Backoff.wait(after: 0, jitter: 0) == .milliseconds(50))
        #expect(Backoff.wait(after: 0, jitter: 1) == .milliseconds(100))
        #expect(Backoff.wait(after: 3, jitter: 1) == .milliseconds(800))
        #expect(Backoff.wait(after: 1_000, jitter: 1) == .seconds(5))
        #expect(Backoff.wait(after: 1_000, jitter: 0) == .milliseconds(2_500))
    }

    @Test func `the shelf hands out what was used last and drops what is old or idle`() {
        let start = ContinuousClock.now
        var shelf = IdleShelf<String>()
        shelf.put("a", born: start, at: start)
        shelf.put("b", born: start, at: start + .seconds(20))
        shelf.put("c", born: start - .seconds(3_600), at: start + .seconds(20))
        #expect(shelf.takeOld(idle: .seconds(30), age: .seconds(3_600), at: start + .seconds(30)) == ["a", "c"])
        #expect(shelf.take() == "b")
        #expect(shelf.take() == nil)
    }

    @Test func `a wave of borrowers that fails together is one failure, and each comes back at a moment of its own`() {
        let start = ContinuousClock.now
        var shelf = IdleShelf<String>()
        #expect(shelf.attempt(jitter: 1) == nil)
        let isNews = (0..<18).map { shelf.failed(begunAt: start + .milliseconds($0), at: start + .milliseconds(10 + $0)) }
        #expect(isNews == [true] + Array(repeating: false, count: 17))
        #expect(shelf.failures == 1)
        #expect(shelf.attempt(jitter: 0) == start + .milliseconds(60))
        #expect(shelf.attempt(jitter: 1) == start + .milliseconds(110))
        // The next round counts again, and waits longer.
        let isNewsAgain = [60, 80].map { shelf.failed(begunAt: start + .milliseconds($0), at: start + .milliseconds($0 + 10)) }
        #expect(isNewsAgain == [true, false])
        #expect(shelf.attempt(jitter: 1) == start + .milliseconds(270))
        shelf.connected()
        #expect(shelf.attempt(jitter: 1) == nil && shelf.failures == 0)
    }

    @Test func `a server without a connection left is not called unreachable`() {
        let error = PostgresError(.connectFailed, sqlState: "53300", summary: "h/db")
        #expect("\(error)".hasPrefix("PostgreSQL has no connection left for us (53300 too_many_connections;"))
        #expect(error.isTransient)
    }

    @Test func `a moment beyond all reckoning is infinite, unreadable or itself, and never a crash`() {
        #expect(Timestamp.microseconds(of: Date(timeIntervalSinceReferenceDate: .infinity)) == .max)
        #expect(Timestamp.microseconds(of: Date(timeIntervalSinceReferenceDate: -.infinity)) == .min)
        #expect(Timestamp.microseconds(of: Date(timeIntervalSinceReferenceDate: .nan)) == nil)
        #expect(Timestamp.microseconds(of: Date(timeIntervalSinceReferenceDate: 1e300)) == .max)
        #expect(Self.date("5874897-12-31")?.timeIntervalSinceReferenceDate == 185_330_728_684_800)
        #expect(Self.date("4714-11-24 BC")?.timeIntervalSince1970 == -210_866_803_200)
        for text in ["99999999999999999-01-01", "2026-01-01 999999999999999999:00:00", "2026-01-01 00:00:00+999999999999999999", "2026-01-01 BCE"] {
            #expect(Self.date(text) == nil)
        }
    }

    private static func date(_ text: String) -> Date? {
        var text = text
        return text.withUTF8 { Timestamp.date(fromText: $0) }
    }

    @Test(arguments: [
        ("08006", true), ("40001", true), ("40P01", true), ("53300", true), ("55P03", true), ("57P01", true), ("57P02", true), ("57P03", true),
        ("57014", true), ("25P03", true), ("25006", true), ("57P04", false), ("23505", false), ("42P01", false), ("28P01", false), ("3D000", false),
        ("22P02", false), ("P0001", false), ("XX000", false), ("42501", false),
    ])
    func `a refusal passes by itself or it does not`(_ state: String, _ isTransient: Bool) {
        #expect(SQLState(rawValue: state).isTransient == isTransient)
        #expect(PostgresError(.server(SQLState(rawValue: state))).isTransient == isTransient)
    }

    @Test(arguments: [
        ("connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  28P01: password authentication failed", "28P01"),
        ("connection to server at \"127.0.0.1\", port 54321 failed: FATAL:  57P03: the database system is starting up", "57P03"),
        ("connection to server at \"127.0.0.1\", port 1 failed: Connection refused", nil),
        ("could not translate host name \"ABCDE\" to address: Name or service not known", nil),
    ])
    func `the reason of a refused connection is read from the sentence`(_ text: String, _ state: String?) throws {
        let error = WireConnector.refusal(text, try PostgresConfiguration(url: "host=h"))
        #expect(error.sqlState == state)
        #expect(error.code == .connectFailed)
    }

    @Test func `time-outs are rounded up to what PostgreSQL counts in`() {
        #expect(Duration.microseconds(1).milliseconds == 1)
        #expect(Duration.seconds(30).milliseconds == 30_000)
        #expect(Duration.zero.milliseconds == 0)
        #expect(Duration.seconds(10_000_000).milliseconds == 2_147_483_647)
    }
}
