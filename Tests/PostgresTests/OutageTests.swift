import Logging
import Synchronization
import TestKit
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(10))) struct OutageTests {
    @Test(arguments: [PrivateCluster.StopMode.fast, .immediate])
    func `a pool and a listener outlive the server's end and its return`(_ mode: PrivateCluster.StopMode) async throws {
        let cluster = try await PrivateCluster.own()
        try await withDatabase(migrated: false, on: cluster) { database async throws in
            #expect(try await database.pool.first(Backend()) != nil)
            let events = database.pool.listen(channels: ["a \"channel\""]).makeAsyncIterator()
            #expect(await events.next() == .connected)
            try await cluster.stop(mode)
            let error = await #expect(throws: PostgresError.self) { try await database.pool.first(Backend()) }
            #expect(error?.code == .connectFailed)
            #expect(error?.isTransient == true && error?.isUnreachable == true)
            guard case .disconnected = await events.next() else {
                Issue.record("the listener did not notice")
                return
            }
            try await cluster.start()
            #expect(await events.next() == .connected)
            try await until { (try? await database.pool.first(Backend())) != nil }
            try await database.pool.run(script: "NOTIFY \"a \"\"channel\"\"\", 'back'")
            #expect(await events.next() == .notification(channel: "a \"channel\"", payload: "back"))
        }
        try await cluster.remove()
    }

    @Test func `a listener hears what is sent, and says when it was deaf`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let events = database.pool.listen(channels: ["one", "two"]).makeAsyncIterator()
            #expect(await events.next() == .connected)
            try await database.pool.run(script: "NOTIFY one, 'first'; NOTIFY two; NOTIFY three")
            #expect(await events.next() == .notification(channel: "one", payload: "first"))
            #expect(await events.next() == .notification(channel: "two", payload: ""))
            try await database.pool.run(
                script: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()")
            guard case .disconnected(let error) = await events.next() else {
                Issue.record("the listener did not notice")
                return
            }
            #expect(error.isTransient)
            #expect(await events.next() == .connected)
            try await database.pool.run(script: "NOTIFY one, 'again'")
            #expect(await events.next() == .notification(channel: "one", payload: "again"))
        }
    }

    @Test func `a listener ends with its Task`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let (started, start) = AsyncStream<Void>.makeStream()
            let task = Task {
                for await _ in database.pool.listen(channels: ["one"]) { start.yield() }
            }
            for await _ in started { break }
            task.cancel()
            await task.value
            try await until { try await database.pool.first(OtherBackends()) == 0 }
        }
    }

    @Test func `a listener that is refused waits longer each time and warns once`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let warnings = Warnings()
            let pool = PostgresPool(configuration: try PostgresConfiguration(url: database.url), logger: Logger(label: "test") { _ in warnings })
            let waits = Mutex<[Duration]>([])
            // No channel has an empty name, so the server refuses this one each time.
            var refused = pool.listen(channels: [""])
            refused.pause = { wait in
                let count = waits.withLock { waits in
                    waits.append(wait)
                    return waits.count
                }
                if count == 4 { throw CancellationError() }
            }
            #expect(await refused.makeAsyncIterator().next() == nil)
            for (count, wait) in waits.withLock({ $0 }).enumerated() {
                #expect(wait >= Backoff.wait(after: count, jitter: 0) && wait <= Backoff.wait(after: count, jitter: 1))
            }
            #expect(waits.withLock { $0.count } == 4)
            #expect(warnings.texts == ["Listening is refused"])
            try await until { try await database.pool.first(OtherBackends()) == 0 }
        }
    }
}

/// Keeps the texts of warnings and worse.
private struct Warnings: LogHandler {
    private final class Store: Sendable { let texts = Mutex<[String]>([]) }
    private let store = Store()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning
    var texts: [String] { self.store.texts.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) { self.store.texts.withLock { $0.append("\(event.message)") } }
}
