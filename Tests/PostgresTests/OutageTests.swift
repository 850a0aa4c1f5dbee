import Postgres
import TestKit
import Testing

@Suite struct OutageTests {
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
}
