import Fleet
import Simulator
import StageKit
import TestKit

/// Plays a plan on a stage: leads that change, users that edit, and one trouble after the other.
struct ChaosDriver {
    /// What ends a trouble that does not end by itself.
    enum End {
        case fault(Int)
        case frozen(ChildProcess)
        case longTokens, fieldIsBack, timePasses, dayTurns, marketoSpeaks, databaseSpeaks, marketoIsCut, activitiesAreSoon
    }

    let stage: Stage
    let setting: ChaosSetting
    var life: LeadLife
    var users: UserLife
    var workers: [ChildProcess] = []
    var schedulers: [ChildProcess] = []
    var report: ChaosReport
    /// By the step after which it comes.
    private var ends: [(step: Int, end: End)] = []
    /// Rules that are on, and what trouble each is.
    var rules: [Int: Trouble] = [:]
    /// Calls of others under way.
    var others: [Task<Void, Never>] = []
    /// Since the quota is spent: how many calls had come after it when the news was everybody's.
    var toldOfQuota: Int?
    /// Kills that had to wait, see ``mayHurt()``.
    private var owed: [Trouble] = []
    private var processes = 0

    init(_ stage: Stage, _ setting: ChaosSetting) {
        self.stage = stage
        self.setting = setting
        self.life = LeadLife(stage.marketo)
        self.users = UserLife(stage)
        self.report = ChaosReport(setting: setting)
    }

    /// Plays all of it; afterwards everything still lies in ruins.
    mutating func play(_ plan: ChaosPlan) async throws {
        for _ in 0..<2 { self.workers.append(try await self.startWorker()) }
        for _ in 0..<2 { self.schedulers.append(try await self.startScheduler()) }
        for (number, step) in plan.steps.enumerated() {
            var random = SeededRandom(seed: step.seed)
            for _ in 0..<step.changes { try self.life.change(&random) }
            for _ in 0..<step.deeds { try await self.users.act(&self.life, &random) }
            if let sync = step.sync { try await self.ask(for: sync) }
            self.life.diary.note("step \(number): \(step.trouble)")
            try await self.make(step.trouble, lasts: step.lasts, at: number, &random)
            // A step is a stretch of time, and how long is drawn too: there is no condition to wait for.
            try await Task.sleep(for: step.pause)
            try await self.end(after: number, &random)
        }
    }

    /// Makes one trouble.
    private mutating func make(_ trouble: Trouble, lasts: Int, at step: Int, _ random: inout SeededRandom) async throws {
        if let rule = Self.rule(of: trouble, &random) {
            let id = self.stage.marketo.add(rule)
            self.rules[id] = trouble
            // Long enough for calls to meet it.
            self.ends.append((step + 8 + lasts, .fault(id)))
            if trouble == .hang { self.ends.append((step + 8 + lasts, .marketoIsCut)) }
            return
        }
        guard let ends = try await self.happen(trouble, &random) else {
            self.owed.append(trouble)
            return
        }
        if ![.quotaSmall, .quotaTakenByOthers].contains(trouble) || !ends.isEmpty { self.report.count(trouble) }
        self.ends += ends.map { (step + lasts, $0) }
    }

    /// Ends what has lasted long enough, and makes up for what had to wait.
    private mutating func end(after step: Int, _ random: inout SeededRandom) async throws {
        let due = self.ends.filter { $0.step <= step }
        self.ends.removeAll { $0.step <= step }
        for one in due { try await self.bring(one.end) }
        guard let owed = self.owed.first, let ends = try await self.happen(owed, &random) else { return }
        self.owed.removeFirst()
        if ![.quotaSmall, .quotaTakenByOthers].contains(owed) || !ends.isEmpty { self.report.count(owed) }
        self.ends += ends.map { (step + 2, $0) }
    }

    /// Ends everything at once; all processes run.
    mutating func endEverything() async throws {
        for one in self.ends { try await self.bring(one.end) }
        self.ends = []
        for id in Array(self.rules.keys) { try await self.bring(.fault(id)) }
        self.stage.marketo.removeFault()
        for task in self.others { await task.value }
        self.others = []
        if self.toldOfQuota != nil { try await self.bring(.dayTurns) }
    }

    mutating func bring(_ end: End) async throws {
        if case .fault = end {} else { self.life.diary.note("end: \(end)") }
        switch end {
        case .fault(let id):
            guard let trouble = self.rules.removeValue(forKey: id) else { return }
            self.report.count(trouble, times: self.stage.marketo.fired(id))
            self.stage.marketo.removeFault(id)
        case .fieldIsBack: self.showField()
        case .frozen(let child): child.thaw()
        case .longTokens: self.stage.marketo.set { $0.tokenSeconds = 3_600 }
        case .timePasses: try await self.stage.passTime()
        case .dayTurns: try await self.endDay()
        case .marketoSpeaks: self.stage.roads?.marketo.thaw()
        case .databaseSpeaks: self.stage.roads?.database.thaw()
        case .marketoIsCut: self.stage.roads?.marketo.sever()
        case .activitiesAreSoon: self.life.isLate = false
        }
    }

    /// Asks for a sync; and whatever a refused call has shut for minutes is open again.
    private mutating func ask(for sync: ChaosPlan.Sync) async throws {
        self.life.diary.note("sync: \(sync)")
        try await self.stage.passTime()
        switch sync {
        case .sweep: _ = try await self.stage.answer("SELECT ops.sync_now('\(Stage.tenant)')")
        case .full: try await self.loadEverything()
        case .tick:
            try await self.stage.run(
                script: """
                    DELETE FROM jobs.tick WHERE schedule LIKE 'sweep:%';
                    INSERT INTO jobs.tick (schedule, tick, ran)
                    SELECT 'sweep:' || id, now() - interval '90 minutes', false FROM sync.tenants ON CONFLICT DO NOTHING;
                    """)
        }
    }

    mutating func startWorker() async throws -> ChildProcess {
        self.processes += 1
        return try await self.stage.worker(self.processes, lease: 5)
    }

    mutating func startScheduler() async throws -> ChildProcess {
        self.processes += 1
        return try await self.stage.scheduler(self.processes)
    }
}
