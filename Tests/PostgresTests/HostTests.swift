import TestKit
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(10))) struct HostTests {
    @Test func `a silent server is passed over in favour of the next`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let silent = try HalfOpenProxy(forwardingTo: nil)
            defer { silent.stop() }
            let hosts = "127.0.0.1:\(silent.port),127.0.0.1:\(database.cluster.port)"
            let pool = try TestDatabase.makePool(url: "postgresql://kakehashi:\(PrivateCluster.password)@\(hosts)/\(database.name)") {
                $0.connectTimeout = .seconds(4)
            }
            #expect(try await pool.first(Backend()) != nil)
            #expect(silent.accepted == 1)
        }
    }

    @Test func `a server that refuses leaves its time to the others`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let hosts = "127.0.0.1:1,127.0.0.1:\(database.cluster.port)"
            let pool = try TestDatabase.makePool(url: "postgresql://kakehashi:\(PrivateCluster.password)@\(hosts)/\(database.name)")
            #expect(try await pool.first(Backend()) != nil)
        }
    }

    @Test func `when all are silent the connect time-out ends it`() async throws {
        let (one, two) = (try HalfOpenProxy(forwardingTo: nil), try HalfOpenProxy(forwardingTo: nil))
        defer {
            one.stop()
            two.stop()
        }
        let pool = try TestDatabase.makePool(url: "postgresql://x@127.0.0.1:\(one.port),127.0.0.1:\(two.port)/x") { $0.connectTimeout = .seconds(1) }
        let error = await #expect(throws: PostgresError.self) { try await pool.first(Backend()) }
        #expect(error?.code == .connectTimeout)
        #expect(one.accepted == 1 && two.accepted == 1)
    }

    @Test func `the lists of hosts, addresses and ports go side by side`() {
        var list = HostList(hosts: "a,b,a", addresses: "", ports: "5432,,5433")
        #expect(list.place(host: "a", port: "5433") == 2)
        #expect(list.place(host: "b", port: "5432") == 1)
        #expect(list.place(host: "", port: "1") == 0)
        #expect(list.share(at: 0, of: .seconds(9)) == .seconds(3))
        #expect(list.share(at: 2, of: .seconds(9)) == .seconds(9))
        list.remove(at: 0)
        #expect(list.options == ["host": "b,a", "port": ",5433"])
        let addresses = HostList(hosts: "", addresses: "10.0.0.1,10.0.0.2", ports: "6432")
        #expect(addresses.place(host: "10.0.0.2", port: "6432") == 1)
        #expect(addresses.options == ["hostaddr": "10.0.0.1,10.0.0.2", "port": "6432,6432"])
        #expect(HostList(hosts: "", addresses: "", ports: "").options == [:])
    }

    @Test func `the text's own time-out is for each host`() throws {
        #expect(try PostgresConfiguration(url: "host=a connect_timeout=3").connectTimeout == .seconds(3))
        #expect(try PostgresConfiguration(url: "host=a,b connect_timeout=3").connectTimeout == .seconds(6))
        #expect(try PostgresConfiguration(url: "host=a connect_timeout=9223372036854775807").connectTimeout == .seconds(86_400))
    }
}
