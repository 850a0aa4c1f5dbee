import Foundation
import Sync
import Testing

@Suite struct LimitTests {
    @Test func `R11 tenants are spread over the hour, each always at its own minute, unless one is set`() throws {
        let minutes = (0..<6000).map { SweepMinute(tenant: "tenant-\($0)", settings: TenantSettings()).minute }
        let counts = Dictionary(grouping: minutes, by: \.self).mapValues(\.count)
        #expect(counts.count == 60)
        #expect(counts.values.allSatisfy { (50...160).contains($0) })
        #expect(SweepMinute(tenant: "acme", settings: TenantSettings()) == SweepMinute(tenant: "acme", settings: TenantSettings()))
        #expect(SweepMinute(tenant: "acme", settings: try TenantSettings(overrides: ["sweep-minute": "7"])).minute == 7)
    }
}
