import Fleet
import Foundation
import Migrations
import Postgres
import Runtime
import Store
import Sync

/// The whole product on one machine, by real processes on a real database: a full load, live changes, a sweep, and both sides compared.
struct Demo: Sendable {
    /// How many leads Marketo's stand-in begins with.
    let leads: Int
    let environment: Environment
    let words: Words
    let say: @Sendable (String) -> Void

    /// Runs it; the report is the answer, good or bad.
    func run() async throws -> DemoReport {
        let environment = try self.prepared()
        return try await ChildFamily.lend(environment: environment) { family in
            try await withThrowingTaskGroup(of: DemoReport?.self) { group in
                group.addTask { try await self.play(with: family, environment) }
                group.addTask {
                    do {
                        try await family.watch()
                    } catch let death as ChildEnded {
                        throw Complaint("\(death.name) ended, which it should not have. Its last words:\n\(Self.lastWords(of: death))")
                    }
                    return nil
                }
                defer { group.cancelAll() }
                while let result = try await group.next() {
                    if let result { return result }
                }
                throw CancellationError()
            }
        }
    }

    /// A master key of this run's own unless one is given, and leave to talk to this machine.
    private func prepared() throws(Complaint) -> Environment {
        _ = try self.environment.databaseURL()
        var changes = [VariableName.allowLocalEndpoints: "1", VariableName.logFormat: LogFormat.text.rawValue, "KAKEHASHI_HEALTH_PORT": "0"]
        if self.environment[VariableName.masterKey] == nil {
            changes[VariableName.masterKey] = Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
        }
        return self.environment.with(changes)
    }

    private func play(with family: ChildFamily, _ environment: Environment) async throws -> DemoReport {
        try await Workplace.lendUnchecked(environment: environment) { place in
            try await Migrations.migrator(pool: place.pool).migrate()
            self.say(
                self.words.pick(
                    "Starting Marketo's stand-in with \(Amount.count(self.leads)) leads, two workers and two schedulers.",
                    "Marketoの代役（リード \(Amount.count(self.leads)) 件）、ワーカー2つ、スケジューラー2つを起動します。"))
            let client = (id: UUID().uuidString.lowercased(), secret: UUID().uuidString)
            let simulator = try await self.startSimulator(family, client)
            for number in 1...2 {
                try await family.start("worker", as: "worker \(number)")
                try await family.start("scheduler", as: "scheduler \(number)")
            }

            let started = ContinuousClock.now
            let name = try await self.freeName(place)
            let application = TenantDesk.Application(
                name: name, endpoint: simulator.base + "/rest", clientID: client.id, clientSecret: Store.Secret(client.secret),
                settings: ["calls-per-20s": "\(DemoReport.callsPerWindow)", "concurrent-calls": "\(DemoReport.callsAtOnce)"], starts: true)
            let tenant = try await TenantDesk(place: place).add(application).addition.id
            self.say(self.words.pick("The connection works. The full load runs.", "接続を確認しました。全件同期を開始します。"))
            try await self.settle(name, place)
            let loadTime = ContinuousClock.now - started
            let loadLeadCalls = try await simulator.evidence().leadCalls

            let quarantined = try await place.pool.query(QuarantineAudit(tenant: tenant)).map(\.lead.rawValue)
            let changes = LiveChanges(leads: try await simulator.leads(), quarantined: quarantined)
            self.say(self.words.pick("Live changes in Marketo: \(changes.sentence(self.words)).", "Marketo側の変更: \(changes.sentence(self.words))"))
            try await changes.happen(in: simulator)
            self.say(self.words.pick("The hourly sync runs now instead of later.", "1時間ごとの同期を今すぐ実行します。"))
            _ = try await SyncDesk(place: place).begin(.sweep, tenant: name)
            try await self.settle(name, place)
            return try await self.report(place, tenant, simulator, loadLeadCalls: loadLeadCalls, loadTime: loadTime)
        }
    }

    private func startSimulator(_ family: ChildFamily, _ client: (id: String, secret: String)) async throws -> SimulatorControl {
        let child = try await family.start(
            "simulator", as: "simulator", ["--leads", "\(self.leads)", "--client-id", client.id, "--client-secret", client.secret, "--with-parent"])
        return try await SimulatorControl(of: child)
    }

    private static func lastWords(of death: ChildEnded) -> String {
        death.log.tail(lines: 20).split(separator: "\n").map { ScreenText.of(String($0)) }.joined(separator: "\n")
    }

    /// `demo`, or if a former run used the same database the next name.
    private func freeName(_ place: Workplace) async throws -> String {
        let taken = Set(try await TenantRegistry(pool: place.pool).all().map(\.name))
        var number = 1
        while taken.contains(number == 1 ? "demo" : "demo-\(number)") { number += 1 }
        return number == 1 ? "demo" : "demo-\(number)"
    }

    private func settle(_ name: String, _ place: Workplace) async throws {
        let wait = SettledWait(pool: place.pool, tenant: name, words: self.words, terminal: .error)
        try await wait.run(timeout: .seconds(max(600, self.leads / 50)), deadBefore: 0)
    }

    private func report(
        _ place: Workplace, _ tenant: TenantID, _ simulator: SimulatorControl, loadLeadCalls: Int, loadTime: Duration
    ) async throws -> DemoReport {
        let truth = try await simulator.leads()
        var links: [LinkAudit] = []
        while true {
            let page = try await place.pool.query(LinkAuditPage(tenant: tenant, after: links.last?.lead ?? LeadID(rawValue: 0)))
            guard !page.isEmpty else { break }
            links += page
        }
        let quarantined = Set(try await place.pool.query(QuarantineAudit(tenant: tenant)).map(\.lead.rawValue))
        guard let counts = try await place.pool.first(SideCounts(tenant: tenant)) else { throw Complaint("The database gave no counts.") }
        return DemoReport(
            leads: truth.count, contacts: counts.contacts, accounts: counts.accounts, links: counts.links, quarantined: quarantined.count,
            callsBooked: counts.calls, evidence: try await simulator.evidence(), loadLeadCalls: loadLeadCalls, loadTime: loadTime,
            comparison: Comparison(leads: truth, links: links, quarantined: quarantined))
    }
}
