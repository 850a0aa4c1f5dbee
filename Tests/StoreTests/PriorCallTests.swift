import Postgres
import Testing

@testable import Store

/// A connection test is made before there is a ledger; the vendor counts its calls all the same.
@Suite struct PriorCallTests {
    @Test(arguments: [(perWindow: 100, booked: 4), (perWindow: 3, booked: 3)])
    func `calls that were made before the subscription had a ledger take their places in the window and in the day`(
        perWindow: Int, booked: Int
    ) async throws {
        try await withStore { store in
            let stage = try await CallStage(store, settings: ["calls-per-20s": "\(perWindow)", "concurrent-calls": "1"])
            try await store.pool.transaction { tx in
                for _ in 0..<4 { try await tx.execute(PriorCall(tenant: stage.tenant)) }
            }
            #expect(try await store.number("SELECT count(*) FROM sync.calls WHERE occupies_until > now() + interval '19 seconds'") == booked)
            #expect(try await store.number("SELECT count(*) FROM sync.calls WHERE ended_at IS NULL") == 0, "none holds a slot")
            #expect(try await store.number("SELECT used FROM sync.call_budgets") == booked)
        }
    }
}
