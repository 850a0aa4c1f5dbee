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
            try await self.refuseForeignTenants(place)
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
                settings: [
                    "calls-per-20s": "\(DemoReport.callsPerWindow)", "concurrent-calls": "\(DemoReport.callsAtOnce)",
                    // The one sweep is the demo's own: a second one between the changes would see half of them.
                    "sweep-minute": QuietMinute.setting(),
                ], starts: true)
            let tenant = try await TenantDesk(place: place).add(application).addition.id
            self.say(self.words.pick("The connection works. The full load runs.", "接続を確認しました。全件同期を開始します。"))
            let loaded = try await self.settle(name, place)
            let loadTime = ContinuousClock.now - started
            let load = DemoLoad(
                leads: try await simulator.leads().map(Lead.init), seen: loaded.fullLoad.leadsSeen, calls: try await simulator.evidence().leadCalls,
                time: loadTime, quarantined: try await place.pool.query(QuarantineAudit(tenant: tenant)).map(\.lead))

            let changes = LiveChanges(leads: load.leads, quarantined: load.quarantined.map(\.rawValue))
            self.say(self.words.pick("Live changes in Marketo: \(changes.sentence(self.words)).", "Marketo側の変更: \(changes.sentence(self.words))"))
            try await changes.happen(in: simulator)
            self.say(self.words.pick("The hourly sync runs now instead of later.", "1時間ごとの同期を今すぐ実行します。"))
            _ = try await SyncDesk(place: place).begin(.sweep, tenant: name)
            try await self.settle(name, place)
            // Both sides are compared before sales is at work: what a team edits is its own from then on.
            var report = try await self.report(place, tenant, simulator, load)
            report.sales = try await self.playSales(name, tenant, place, simulator)
            report.evidence = try await simulator.evidence()
            if let counts = try await place.pool.first(SideCounts(tenant: tenant)) { report.callsBooked = counts.calls }
            return report
        }
    }

    /// The second act: what a team does in Mazrica, and what Marketo holds of it then.
    private func playSales(_ name: String, _ tenant: TenantID, _ place: Workplace, _ simulator: SimulatorControl) async throws -> SalesOutcome {
        self.say(
            self.words.pick(
                "Sales is at work: two deals, 400 action contacts, five new contacts; then meetings are held, a phase changes, a deal is deleted.",
                "営業側の変更: 案件2件、アクションコンタクト400件、新規コンタクト5件。続いて面談完了、フェーズ変更、案件削除。"))
        for script in [SalesScript.begin, SalesScript.goOn] {
            _ = try await place.pool.transaction { tx in
                _ = try await tx.query(NameDemoTenant(tenant: tenant))
                try await tx.run(script: script)
            }
            try await self.settle(name, place)
        }
        return SalesOutcome(try await place.pool.query(SalesAudit(tenant: tenant)), leads: try await simulator.leads())
    }

    private func startSimulator(_ family: ChildFamily, _ client: (id: String, secret: String)) async throws -> SimulatorControl {
        let child = try await family.start(
            "simulator", as: "simulator", ["--leads", "\(self.leads)", "--client-id", client.id, "--client-secret", client.secret, "--with-parent"])
        return try await SimulatorControl(of: child)
    }

    private static func lastWords(of death: ChildEnded) -> String {
        death.log.tail(lines: 20).split(separator: "\n").map { ScreenText.of(String($0)) }.joined(separator: "\n")
    }

    /// A database that somebody works with is not migrated, and no workers are let loose on its jobs.
    private func refuseForeignTenants(_ place: Workplace) async throws {
        let names: [String]
        do {
            names = try await TenantRegistry(pool: place.pool).all().map(\.name)
        } catch {
            // No schema of ours yet: nobody works with it.
            guard error.code == .server(.undefinedTable) || error.code == .server(.invalidSchemaName) else { throw error }
            names = []
        }
        guard names.allSatisfy(Self.isOwn) else {
            throw Complaint(
                "The database in \(VariableName.database) has tenants of its own; the demo needs one to itself (bin/demo makes one).", ending: .usage)
        }
    }

    /// Whether a tenant of this name is a former run's.
    static func isOwn(_ name: String) -> Bool { name == "demo" || name.wholeMatch(of: /demo-[0-9]+/) != nil }

    /// `demo`, or if a former run used the same database the next name.
    private func freeName(_ place: Workplace) async throws -> String {
        let taken = Set(try await TenantRegistry(pool: place.pool).all().map(\.name))
        var number = 1
        while taken.contains(number == 1 ? "demo" : "demo-\(number)") { number += 1 }
        return number == 1 ? "demo" : "demo-\(number)"
    }

    @discardableResult private func settle(_ name: String, _ place: Workplace) async throws -> TenantStatus {
        let wait = SettledWait(pool: place.pool, tenant: name, words: self.words, terminal: .error)
        return try await wait.run(timeout: .seconds(max(600, self.leads / 50)), deadBefore: 0)
    }

    private func report(_ place: Workplace, _ tenant: TenantID, _ simulator: SimulatorControl, _ load: DemoLoad) async throws -> DemoReport {
        let side = try await MazricaSide(of: tenant, in: place.pool)
        let listed = Set(load.quarantined)
        // What was registered by the load stays as it was then; what was in quarantine is registered as it is now.
        let comparison = Comparison(
            leads: try await simulator.leads().map(Lead.init), registered: load.leads.filter { !listed.contains($0.id) }, side: side)
        guard let counts = try await place.pool.first(SideCounts(tenant: tenant)) else { throw Complaint("The database gave no counts.") }
        return DemoReport(
            leads: load.leads.count, leadsSeen: load.seen, contacts: counts.contacts, accounts: counts.accounts, links: counts.links,
            quarantined: side.quarantined.count, callsBooked: counts.calls, evidence: try await simulator.evidence(), loadLeadCalls: load.calls,
            loadTime: load.time, comparison: comparison)
    }
}
